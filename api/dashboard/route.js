/** The chosen campaign is in the fragment of the address, so that it can be shared and the back button works. */

/** Gives the fragment that chooses a campaign. @param {string} id @returns {string} */
export function campaignFragment(id) {
  return `#campaign=${encodeURIComponent(id)}`;
}

/** Gives the chosen campaign's id, or null. @returns {string | null} */
export function chosenCampaign() {
  return new URLSearchParams(location.hash.slice(1)).get("campaign");
}

/** Calls back whenever another campaign is chosen. @param {(id: string | null) => void} whenChosen */
export function onChoice(whenChosen) {
  let before = chosenCampaign();
  addEventListener("hashchange", () => {
    const now = chosenCampaign();
    if (now !== before) whenChosen((before = now));
  });
}
