import { useCallback, useState } from "react";

export interface Selection {
  active: number;
  selected: ReadonlySet<string>;
}

export type Move =
  | { kind: "go"; to: number }
  | { kind: "step"; by: number }
  | { kind: "toggle"; id: string }
  | { kind: "extend"; to: number }
  | { kind: "all" }
  | { kind: "clear" };

export const NOTHING: Selection = { active: -1, selected: new Set() };

/** How the cursor and the selection of a list change; `ids` are its rows from top to bottom. */
export function moveSelection(state: Selection, move: Move, ids: string[]): Selection {
  const clamp = (index: number) => Math.max(0, Math.min(ids.length - 1, index));
  switch (move.kind) {
    case "go":
      return { ...state, active: move.to };
    case "step":
      return ids.length === 0 ? state : { ...state, active: clamp(state.active + move.by) };
    case "toggle": {
      const selected = new Set(state.selected);
      if (!selected.delete(move.id)) selected.add(move.id);
      return { active: Math.max(ids.indexOf(move.id), -1), selected };
    }
    case "extend": {
      const from = Math.max(0, Math.min(state.active, move.to));
      const to = Math.max(state.active, move.to);
      return { active: move.to, selected: new Set([...state.selected, ...ids.slice(from, to + 1)]) };
    }
    case "all":
      return { ...state, selected: new Set(state.selected.size === ids.length ? [] : ids) };
    case "clear":
      return { ...state, selected: new Set() };
  }
}

export function useSelection(ids: string[]) {
  const [state, setState] = useState(NOTHING);
  const move = useCallback((next: Move) => setState((current) => moveSelection(current, next, ids)), [ids]);
  return { active: state.active, selected: state.selected, move };
}
