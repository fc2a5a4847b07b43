drop table tools, alert_skill_bindings, skills;
