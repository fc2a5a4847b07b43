import { describe, expect, test } from "vitest";
import { moveSelection, NOTHING, type Move, type Selection } from "./useSelection";

const ids = ["a", "b", "c", "d"];

function after(moves: Move[], start: Selection = NOTHING) {
  const { active, selected } = moves.reduce((state, move) => moveSelection(state, move, ids), start);
  return { active, selected: [...selected] };
}

describe("a list under the keyboard", () => {
  test("the first step down goes to the first row, and no step leaves the list", () => {
    expect(after([{ kind: "step", by: 1 }]).active).toBe(0);
    expect(after(Array.from({ length: 9 }, () => ({ kind: "step", by: 1 }) as Move)).active).toBe(3);
    expect(after([{ kind: "step", by: -1 }]).active).toBe(0);
  });

  test("a row is selected and let go by the same key", () => {
    const toggle: Move = { kind: "toggle", id: "b" };
    expect(after([toggle])).toEqual({ active: 1, selected: ["b"] });
    expect(after([toggle, toggle]).selected).toEqual([]);
  });

  test("a range goes from the last row to this one, in either direction", () => {
    expect(after([{ kind: "toggle", id: "b" }, { kind: "extend", to: 3 }]).selected).toEqual(["b", "c", "d"]);
    expect(after([{ kind: "toggle", id: "d" }, { kind: "extend", to: 2 }]).selected).toEqual(["d", "c"]);
  });

  test("all are selected, then none", () => {
    expect(after([{ kind: "all" }]).selected).toEqual(ids);
    expect(after([{ kind: "all" }, { kind: "all" }]).selected).toEqual([]);
  });

  test("an empty list has no row to go to", () => {
    expect(moveSelection(NOTHING, { kind: "step", by: 1 }, []).active).toBe(-1);
  });
});
