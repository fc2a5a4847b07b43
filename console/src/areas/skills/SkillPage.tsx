import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { skillQueries, useDeleteSkill } from "@/api/skills";
import type { Skill } from "@/api/types";
import { Can } from "@/components/Can";
import { KeptText } from "@/components/Changed";
import { Page } from "@/components/Page";
import { useTheirs } from "@/hooks/useEditing";
import { confirm } from "@/ui/confirm";
import { plural } from "@/ui/format";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Loaded } from "@/ui/states";
import { SkillForm } from "./SkillForm";
import { EXAMPLE_SOP } from "./example";

const ABOVE = [{ label: "Skills", to: "/skills" as const }];

export function NewSkillPage() {
  return (
    <Page title="New skill" above={ABOVE} permission="skills:write">
      <SkillForm skill={null} initial={{ name: "", problem_description: "", sop: EXAMPLE_SOP, status: "active" }} />
    </Page>
  );
}

export function SkillPage() {
  const { skillId } = useParams({ from: "/app/skills/$skillId" });
  const query = useQuery(skillQueries.one(skillId));
  const theirs = useTheirs(keys.skills.one(skillId));
  return (
    <Page
      title={query.data?.name ?? "Skill"}
      above={ABOVE}
      permission="skills:read"
      actions={query.data && <DeleteButton skill={query.data} />}
    >
      <KeptText text={theirs.kept} onDone={theirs.drop} />
      <Loaded query={query}>
        {(skill) => {
          const { name, problem_description, sop, status } = skill;
          return (
            <SkillForm
              key={`${skill.id} ${theirs.round}`}
              skill={skill}
              initial={{ name, problem_description, sop, status }}
              onTake={theirs.take}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

function DeleteButton({ skill }: { skill: Skill }) {
  const navigate = useNavigate();
  const remove = useDeleteSkill();
  const ask = () =>
    confirm({
      title: `Delete the skill ${skill.name}?`,
      body: `${plural(skill.bindings, "binding")} to it will go too. Runs that used it keep their steps.`,
      action: "Delete skill",
      onConfirm: () =>
        remove.mutate(skill.id, {
          onSuccess: () => {
            notifyDone("Skill deleted");
            void navigate({ to: "/skills" });
          },
          onError: (error) => notifyFailure("The skill was not deleted", error),
        }),
    });
  return (
    <Can permission="skills:write" where={{ node: skill.node_id }}>
      <Button variant="default" onClick={ask}>Delete</Button>
    </Can>
  );
}
