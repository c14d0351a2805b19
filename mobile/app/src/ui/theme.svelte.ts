// Light, dark, or as the phone is set; kept on this phone.
export const themes = ['phone', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEPT = 'docket/theme';
const chosen = $state<{ theme: Theme }>({
  theme: themes.find((one) => one === localStorage.getItem(KEPT)) ?? 'phone',
});

/** The theme in use. */
export function theme(): Theme {
  return chosen.theme;
}

/** Chooses a theme for good. */
export function chooseTheme(choice: Theme): void {
  localStorage.setItem(KEPT, choice);
  chosen.theme = choice;
  applyTheme();
}

/** Tells the page; `phone` leaves the decision to the browser. */
export function applyTheme(): void {
  const root = document.documentElement;
  if (chosen.theme === 'phone') delete root.dataset.theme;
  else root.dataset.theme = chosen.theme;
}
