import { Alert, Button, Grid, Group, SegmentedControl, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { usePermission } from "@/api/session";
import { skillQueries, useSaveSkill } from "@/api/skills";
import type { NewSkill, Skill } from "@/api/types";
import { Markdown } from "@/components/Markdown";
import { CodeArea } from "@/ui/CodeArea";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { CheckResult } from "./CheckResult";
import { DryRunPanel } from "./DryRunPanel";
import { lineErrors } from "./line-errors";
import classes from "./Skills.module.css";

const CHECK_PAUSE_MS = 400;
const TALL: [number, number] = [260, 460];
const VIEWS = [{ value: "text", label: "Text" }, { value: "preview", label: "Preview" }];
const WIDE_VIEWS = [{ value: "both", label: "Both" }, ...VIEWS];

interface Props {
  skill: Skill | null;
  initial: NewSkill;
  onReload?: () => void;
}

/** Writes a skill: text on the left, what people will read on the right, what will run below. */
export function SkillForm({ skill, initial, onReload }: Props) {
  // The version that is being edited: a newer one that somebody else saves must not replace what is typed here.
  const [base, setBase] = useState(skill?.version ?? 0);
  const navigate = useNavigate();
  const mayWrite = usePermission("skills:write");
  const save = useSaveSkill(skill?.id ?? null);
  const form = useForm<NewSkill>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() ? null : "Give the skill a name"),
      problem_description: (value) => (value.trim() ? null : "Describe the problem: alerts are matched against it"),
    },
  });
  const dirty = form.isDirty();
  useBlocker({ shouldBlockFn: () => dirty && !globalThis.confirm("Leave without saving?"), enableBeforeUnload: dirty });

  const [sop] = useDebouncedValue(form.values.sop, CHECK_PAUSE_MS);
  const check = useQuery({ ...skillQueries.check(sop), enabled: mayWrite });
  const refused = save.error instanceof ApiError ? lineErrors(save.error.problem) : [];
  const errors = refused.length > 0 ? refused : (check.data?.errors ?? []);
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: (saved) => {
        form.resetDirty(values);
        setBase(saved.version);
        notifyDone("Skill saved");
        if (!skill) void navigate({ to: "/skills/$skillId", params: { skillId: saved.id }, ignoreBlocker: true });
      },
      onError: (error) => notifyFailure("The skill was not saved", error),
    }),
  );
  const setSop = (text: string) => {
    if (save.error) save.reset();
    form.setFieldValue("sop", text);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {skill && skill.version > base && !save.isPending && (
          <Alert color="orange" title={`Version ${skill.version} was saved by somebody else`}>
            <Group gap="sm">
              <Text>Saving replaces it with what you see here.</Text>
              <Button variant="default" size="compact-xs" onClick={onReload}>Show the new version</Button>
            </Group>
          </Alert>
        )}
        <Section
          title="About"
          aside={
            <Group gap="sm">
              <Switch
                label="Active"
                disabled={!mayWrite}
                checked={form.values.status === "active"}
                onChange={(event) => form.setFieldValue("status", event.currentTarget.checked ? "active" : "inactive")}
              />
              {mayWrite && <Button type="submit" loading={save.isPending}>{skill ? "Save" : "Create skill"}</Button>}
            </Group>
          }
        >
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 4 }}>
              <TextInput label="Name" required readOnly={!mayWrite} {...form.getInputProps("name")} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 8 }}>
              <Textarea
                label="Which problem it solves"
                required
                autosize
                minRows={1}
                maxRows={4}
                readOnly={!mayWrite}
                {...form.getInputProps("problem_description")}
              />
            </Grid.Col>
          </Grid>
        </Section>
        <Editor sop={form.values.sop} errors={errors} readOnly={!mayWrite} onChange={setSop} />
        <CheckResult check={mayWrite ? check.data : undefined} errors={errors} steps={skill?.steps ?? []} />
        {skill && <DryRunPanel skillId={skill.id} />}
      </Stack>
    </form>
  );
}

interface EditorProps {
  sop: string;
  errors: { line: number; detail: string }[];
  readOnly: boolean;
  onChange: (sop: string) => void;
}

function Editor({ sop, errors, readOnly, onChange }: EditorProps) {
  const [chosen, setView] = useState("both");
  const narrow = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  const view = narrow && chosen === "both" ? "text" : chosen;
  const span = view === "both" ? { base: 12, md: 6 } : 12;
  return (
    <Section
      title="Procedure"
      aside={<SegmentedControl aria-label="View" value={view} onChange={setView} data={narrow ? VIEWS : WIDE_VIEWS} />}
    >
      <Grid gap="md">
        {view !== "preview" && (
          <Grid.Col span={span}>
            <CodeArea label="Procedure in Markdown" value={sop} onChange={onChange} errors={errors} height={TALL} readOnly={readOnly} />
          </Grid.Col>
        )}
        {view !== "text" && (
          <Grid.Col span={span}>
            {/* A box that scrolls must be reachable without a mouse (WCAG 2.1.1). */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div className={classes.preview} tabIndex={0} role="group" aria-label="Preview">
              {sop.trim() ? <Markdown text={sop} /> : <Text c="dimmed">Nothing written yet.</Text>}
            </div>
          </Grid.Col>
        )}
      </Grid>
    </Section>
  );
}
