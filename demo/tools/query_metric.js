// The current value of a metric. Fails when no series matches, so that a typo is not taken for zero.
export default async function ({ query }) {
  const response = await fetch(`{{TARGET}}/api/v1/query?query=${encodeURIComponent(query)}`);
  const body = await response.json();
  if (body.status !== "success") throw new Error(body.error);
  const [series] = body.data.result;
  if (!series) throw new Error(`no series matches ${query}`);
  return { value: Number(series.value[1]), series: body.data.result.length, labels: series.metric };
}
