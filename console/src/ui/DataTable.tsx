import { Button, Group, Table } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  width?: number | string;
  align?: "left" | "right";
  /** Left out on a phone. */
  optional?: true;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  more?: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** A plain table whose first column is the row's name, with a button that reads the next page. */
export function DataTable<T>({ label, columns, rows, rowKey, more }: Props<T>) {
  return (
    <div className={classes.scroll}>
      <Table className={classes.table} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} w={column.width} ta={column.align} className={column.optional && classes.optional}>
                {column.title || <span className="visually-hidden">Actions</span>}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)} data-link>
              {columns.map((column) => (
                <Table.Td key={column.key} ta={column.align} className={column.optional && classes.optional}>
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
