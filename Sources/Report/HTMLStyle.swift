/// How the page looks.
enum HTMLStyle {
  static let text = """
    :root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; }
    body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
    h1, h2, h3, p, li, pre, th[scope="row"], th[scope="rowgroup"] { overflow-wrap: anywhere; }
    .question { font-size: 1.25rem; }
    p, figcaption, li { max-width: 48rem; }
    table { border-collapse: collapse; margin-block: 1rem; }
    th, td { padding: 0.25rem 0.75rem; text-align: right; vertical-align: top; border-bottom: 1px solid #ddd; }
    th[scope="row"], th[scope="rowgroup"] { text-align: left; }
    th[scope="row"] { min-width: 8rem; border-left: 0.375rem solid var(--transport); }
    .group th { padding-top: 1rem; }
    td small, th small { display: block; color: #555; font-weight: 400; white-space: nowrap; }
    pre { white-space: pre-wrap; }
    figure { margin: 2rem 0; } figcaption { color: #333; }
    .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
    .panels > * { min-width: 0; } .panels h3 { margin: 0; font-size: 1rem; }
    .plot { width: 100%; }
    .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; }
    .legend svg { vertical-align: middle; margin-right: 0.375rem; }
    @media (max-width: 60rem) {
      table, tbody, tr, td, th { display: block; text-align: left; } thead { display: none; }
      tr { margin-bottom: 1rem; } table { margin-block: 0.5rem; }
      td { display: flex; gap: 0.5rem; padding-block: 0.125rem; }
      td::before { content: attr(data-column); flex: 0 0 45%; color: #555; }
    }
    """
}
