/** Asks every quarter of a second, and mostly hears nothing new. */
export async function answer(server, question, accessToken, show) {
  const headers = { authorization: `Bearer ${accessToken}` };
  const asked = await fetch(`${server}/streams`, { method: "POST", headers, body: JSON.stringify(question) });
  if (!asked.ok) throw new Error(`refused with ${asked.status}`);
  const { stream } = await asked.json();
  let page = { next: 0 };
  while (!page.done) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const response = await fetch(`${server}/streams/${stream}/poll?from=${page.next}`, { headers });
    if (!response.ok) throw new Error(`refused with ${response.status}`);
    page = await response.json();
    page.tokens.forEach(({ token }) => show(token));
  }
  if (page.reason !== "complete") throw new Error(page.error ?? page.reason);
}
