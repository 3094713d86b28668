/** Makes a guard for work that awaits, because somebody may click again, go elsewhere or choose otherwise meanwhile.
 *
 * A call begins a turn and ends the one before; what it returns says whether that turn still lasts. Work asks it
 * behind each `await`, and lets go of what it got if the turn is over.
 */
export function turns() {
  let newest = null;
  return () => {
    const mine = {};
    newest = mine;
    return () => newest === mine;
  };
}
