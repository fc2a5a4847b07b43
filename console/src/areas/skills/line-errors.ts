import type { Problem } from "@/api/types";

export interface LineError {
  line: number;
  detail: string;
}

/** The errors of a refused procedure that name a line, from pointers such as "/sop:12". */
export function lineErrors(problem: Problem): LineError[] {
  return (problem.errors ?? []).flatMap(({ pointer, detail }) => {
    const line = /^\/sop:(\d+)$/.exec(pointer)?.[1];
    return line ? [{ line: Number(line), detail }] : [];
  });
}
