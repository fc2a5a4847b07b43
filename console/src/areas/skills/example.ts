/** What a new skill begins with: prose only, so that it is valid before anything is filled in. */
export const EXAMPLE_SOP = `# When this happens

Say in a sentence or two what is wrong and who notices it.

## What to check

1. Where to look first, and what is normal there.
2. What tells a real problem from noise.

## What to do

- Who can fix it, and how.
`;
