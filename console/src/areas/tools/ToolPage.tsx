import { Button, Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { toolQueries, useDeleteTool } from "@/api/tools";
import type { Tool } from "@/api/types";
import { Can } from "@/components/Can";
import { KeptText } from "@/components/Changed";
import { Page } from "@/components/Page";
import { useTheirs } from "@/hooks/useEditing";
import { confirm } from "@/ui/confirm";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Loaded } from "@/ui/states";
import { Secrets } from "./Secrets";
import { TestRun } from "./TestRun";
import { ToolForm } from "./ToolForm";

const ABOVE = [{ label: "Tools", to: "/tools" as const }];

export function NewToolPage() {
  return (
    <Page title="New tool" above={ABOVE} permission="tools:write">
      <ToolForm tool={null} />
    </Page>
  );
}

export function ToolPage() {
  const { toolId } = useParams({ from: "/app/tools/$toolId" });
  const query = useQuery(toolQueries.one(toolId));
  const theirs = useTheirs(keys.tools.one(toolId));
  return (
    <Page title={query.data?.name ?? "Tool"} above={ABOVE} permission="tools:read" actions={query.data && <DeleteButton tool={query.data} />}>
      <KeptText text={theirs.kept} onDone={theirs.drop} />
      <Loaded query={query}>
        {(tool) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 7 }}><ToolForm key={`${tool.id} ${theirs.round}`} tool={tool} onTake={theirs.take} /></Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <Stack gap="md">
                <TestRun key={tool.id} tool={tool} />
                <Secrets tool={tool} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function DeleteButton({ tool }: { tool: Tool }) {
  const navigate = useNavigate();
  const remove = useDeleteTool();
  const ask = () =>
    confirm({
      title: `Delete the tool ${tool.name}?`,
      body: "Skills that call it will report that step as failed.",
      action: "Delete tool",
      onConfirm: () =>
        remove.mutate(tool.id, {
          onSuccess: () => {
            notifyDone("Tool deleted");
            void navigate({ to: "/tools" });
          },
          onError: (error) => notifyFailure("The tool was not deleted", error),
        }),
    });
  return (
    <Can permission="tools:write" where={{ node: tool.node_id }}>
      <Button variant="default" onClick={ask}>Delete</Button>
    </Can>
  );
}
