/** The bell on its tray: Steward's mark. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flex: "none" }}>
      <rect width="32" height="32" rx="7" fill="#0a5b6c" />
      <path
        d="M9 21.5h14M11 17.5a5 5 0 0 1 10 0M16 12.5v-2.8"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
