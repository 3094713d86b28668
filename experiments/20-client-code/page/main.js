const ways = ["short-polling", "long-polling", "event-source", "streamed-fetch", "websocket"];
const question = { prompt: "Why is the sky blue?", tokens: 120 };

async function type(way, code, accessToken) {
  const [section, title, text] = ["section", "h2", "p"].map((name) => document.createElement(name));
  section.append(title, text);
  document.querySelector("main").append(section);
  title.textContent = way;
  const { answer } = await import(`./${code}/${way}.js`);
  const end = answer("", question, accessToken, (token) => text.append(token));
  end.catch((error) => text.append(` [${error.message}]`));
}

document.querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  const { accessToken, code } = Object.fromEntries(new FormData(event.target));
  document.querySelector("main").replaceChildren();
  ways.forEach((way) => type(way, code, accessToken));
};
