/** A poll that fails is made good by the next one. */
export async function answer(server, question, accessToken, show) {
  const headers = { authorization: `Bearer ${accessToken}` };

  async function ask(path, options) {
    for (let failures = 0; ; ) {
      const response = await fetch(server + path, { headers, ...options }).catch(() => ({ status: 503 }));
      if (response.ok) return response.json();
      if (response.status < 500) throw new Error(`refused with ${response.status}`);
      const wait = Math.random() * Math.min(8000, 250 * 2 ** failures++);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  const { stream } = await ask("/streams", { method: "POST", body: JSON.stringify(question) });
  let page = { next: 0 };
  while (!page.done) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    page = await ask(`/streams/${stream}/poll?from=${page.next}`);
    page.tokens.forEach(({ token }) => show(token));
  }
  if (page.reason !== "complete") throw new Error(page.error ?? page.reason);
}
