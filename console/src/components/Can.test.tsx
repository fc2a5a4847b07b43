import { Button } from "@mantine/core";
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { caller, show } from "@/test/show";
import { Can } from "./Can";

const button = (
  <Can permission="issues:write">
    <Button>Resolve</Button>
  </Can>
);

test("what the role allows can be used", () => {
  show(button, caller("issues:write"));
  expect(screen.getByRole<HTMLButtonElement>("button").disabled).toBe(false);
});

test("what it does not allow is disabled", () => {
  show(button, caller("issues:read"));
  expect(screen.getByRole<HTMLButtonElement>("button").disabled).toBe(true);
});
