import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { Empty } from "@/ui/states";

interface Props {
  /** What is listed, such as "alert". */
  what: string;
  /** What was searched for, if something was. */
  q: string | undefined;
  onClear: () => void;
}

/** A list in which nothing is left, and how a search finds something. */
export function NoMatch({ what, q, onClear }: Props) {
  return (
    <Empty icon={IconFilterOff} title={`No ${what} matches these filters`} action={<Button variant="default" onClick={onClear}>Clear all filters</Button>}>
      {q && "A search finds what has all of its words, each as the beginning of a word: “time” finds “timeout”, “out” does not."}
    </Empty>
  );
}
