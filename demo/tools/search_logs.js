// Lines of a service's log that match a regular expression, newest last.
export default async function ({ service, pattern, minutes }) {
  const parameters = Object.entries({ service, pattern, minutes }).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const response = await fetch(`{{TARGET}}/logs?${parameters.join("&")}`);
  if (!response.ok) throw new Error(await response.text());
  const { count, lines } = await response.json();
  const last = lines.length ? lines[lines.length - 1].text : null;
  return { count, last, lines: lines.slice(-5).map((line) => `${line.at} ${line.level} ${line.text}`) };
}
