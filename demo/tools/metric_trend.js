// How a metric changed over some hours, and when it reaches zero at that rate.
export default async function ({ query, hours }) {
  const url = `{{TARGET}}/api/v1/query_range?hours=${hours}&query=${encodeURIComponent(query)}`;
  const body = await (await fetch(url)).json();
  if (body.status !== "success") throw new Error(body.error);
  const [series] = body.data.result;
  if (!series) throw new Error(`no series matches ${query}`);
  const values = series.values.map(([, value]) => Number(value));
  const [first, last] = [values[0], values[values.length - 1]];
  const perHour = (last - first) / hours;
  return { first, last, per_hour: perHour, hours_left: perHour < 0 ? last / -perHour : null, samples: values.length };
}
