drop table llm_usage, run_steps, runs;
