import { Button, Group, Table } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  width?: number | string;
  align?: "left" | "right";
  /** Names the row: on a phone it stands alone above the others. The first column does unless another is marked. */
  main?: true;
  /** Left out on a phone. */
  optional?: true;
  /** Left out also where the table has less than some (600 px) or much (860 px) room. */
  room?: "some" | "much";
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  more?: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

function classOf<T>({ optional, room }: Column<T>): string {
  return [optional && classes.optional, room && classes[room]].filter(Boolean).join(" ");
}

/**
 * A plain table with a button that reads the next page. On a phone each row becomes a block, its name above the rest;
 * the roles are written out because browsers forget that a table is one once it is laid out otherwise.
 */
export function DataTable<T>({ label, columns, rows, rowKey, more }: Props<T>) {
  const named = columns.find((column) => column.main) ?? columns[0];
  return (
    <div className={classes.scroll}>
      <Table className={classes.table} aria-label={label} role="table">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {columns.map((column) => (
              <Table.Th key={column.key} role="columnheader" w={column.width} ta={column.align} className={classOf(column)}>
                {column.title || <span className="visually-hidden">Actions</span>}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <Table.Td
                  key={column.key}
                  role="cell"
                  ta={column.align}
                  className={classOf(column)}
                  data-main={column === named || undefined}
                  data-align={column.align}
                  data-title={column.title}
                >
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {more?.hasNextPage && (
        <Group justify="center" p="sm">
          <Button variant="default" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </div>
  );
}
