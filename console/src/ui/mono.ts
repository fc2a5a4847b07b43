/** Class names of an input whose text is code; its label stays in the text face. */
export const MONO = { input: "mono" };
