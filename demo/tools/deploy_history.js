// What was deployed for a service, newest first.
export default async function ({ service }) {
  const response = await fetch(`{{TARGET}}/deploys?service=${encodeURIComponent(service)}`);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
