import { Button, Grid, Group, SegmentedControl, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, type Tagged } from "@/api/client";
import { usePermission, type Where } from "@/api/rights";
import { skillQueries, useSaveSkill } from "@/api/skills";
import type { NewSkill, Skill } from "@/api/types";
import { ChangedMeanwhile } from "@/components/Changed";
import { Markdown } from "@/components/Markdown";
import { OwnerSelect, useOwnerRule, WhyReadOnly } from "@/components/owner";
import { type TakeTheirs, useFollow, useGuardedSave } from "@/hooks/useEditing";
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
  skill: Tagged<Skill> | null;
  initial: Omit<NewSkill, "node_id">;
  onTake?: TakeTheirs;
}

/** Writes a skill: text on the left, what people will read on the right, what will run below. */
export function SkillForm({ skill, initial, onTake }: Props) {
  const navigate = useNavigate();
  const where: Where = skill ? { node: skill.node_id } : "anywhere";
  const mayWrite = usePermission("skills:write", where);
  const owner = useOwnerRule("skills:write");
  const save = useSaveSkill(skill?.id ?? null);
  const form = useForm<NewSkill>({
    initialValues: { ...initial, node_id: skill ? skill.node_id : owner.first },
    validate: {
      name: (value) => (value.trim() ? null : "Give the skill a name"),
      problem_description: (value) => (value.trim() ? null : "Describe the problem: alerts are matched against it"),
      node_id: owner.check,
    },
  });
  const dirty = form.isDirty();
  useBlocker({ shouldBlockFn: () => dirty && !globalThis.confirm("Leave without saving?"), enableBeforeUnload: dirty });

  const [sop] = useDebouncedValue(form.values.sop, CHECK_PAUSE_MS);
  const check = useQuery({ ...skillQueries.check(sop), enabled: mayWrite });
  const refused = save.error instanceof ApiError ? lineErrors(save.error.problem) : [];
  const errors = refused.length > 0 ? refused : (check.data?.errors ?? []);
  const guarded = useGuardedSave(save, skill?.etag ?? null, {
    onSaved: (saved, input) => {
      form.resetDirty(input);
      notifyDone("Skill saved");
      if (!skill) void navigate({ to: "/skills/$skillId", params: { skillId: saved.id }, ignoreBlocker: true });
    },
    onFailed: (error) => notifyFailure("The skill was not saved", error),
  });
  useFollow(guarded.conflict, dirty, onTake);
  const submit = form.onSubmit(guarded.save);
  const { name, problem_description, sop: text } = form.values;
  const setSop = (text: string) => {
    if (save.error) save.reset();
    form.setFieldValue("sop", text);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {guarded.conflict && dirty && (
          <ChangedMeanwhile
            what="skill"
            busy={save.isPending}
            onTake={() => onTake?.(`${name}\n${problem_description}\n\n${text}`)}
            onOverwrite={() => guarded.overwrite(form.values)}
          />
        )}
        <WhyReadOnly permission="skills:write" where={where} />
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
            <Grid.Col span={{ base: 12, md: 4 }}>
              <OwnerSelect
                permission="skills:write"
                description="Matched to what happens there and below"
                readOnly={!mayWrite}
                {...form.getInputProps("node_id")}
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
