import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  type MantineColorsTuple,
  Menu,
  Modal,
  MultiSelect,
  NumberInput,
  Paper,
  PasswordInput,
  SegmentedControl,
  Select,
  Switch,
  Table,
  Tabs,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";

const petrol: MantineColorsTuple = [
  "#e6f4f7", "#cfe6ec", "#a0cdd9", "#6db2c4", "#459cb2", "#2a8ca4", "#1a7b92", "#0a5b6c", "#074b5a", "#043a46",
];

const stone: MantineColorsTuple = [
  "#f6f6f3", "#f0f1ee", "#e2e3de", "#d4d6d0", "#c9ccc6", "#a4aaa6", "#5a615f", "#474e4c", "#2c3230", "#1b1f1e",
];

const night: MantineColorsTuple = [
  "#e3e8e6", "#c3ccc9", "#9aa5a2", "#71807c", "#3a4442", "#29312f", "#1d2423", "#161b1a", "#121716", "#0f1312",
];

const small = { defaultProps: { size: "xs" } };
const closable = { closeButtonProps: { "aria-label": "Close" } };

const heading = { title: { fontSize: "14px", fontWeight: 600, overflowWrap: "anywhere" as const } };

/** The tone of the palette that stands for one of Mantine's colours. */
function tone(color: unknown): string {
  return { red: "critical", orange: "high", yellow: "medium" }[String(color)] ?? "accent";
}

export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray: stone, dark: night },
  fontFamily: '"IBM Plex Sans", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: "var(--st-mono)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "19px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "16px", lineHeight: "1.35" },
      h2: { fontSize: "14px", lineHeight: "1.4" },
      h3: { fontSize: "13px", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "16px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "28px" },
  cursorType: "pointer",
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    Alert: Alert.extend({
      defaultProps: { variant: "light", radius: "sm" },
      vars: (_, { color }) => ({ root: { "--alert-bg": `var(--st-${tone(color)}-soft)`, "--alert-color": `var(--st-${tone(color)})` } }),
      styles: { message: { color: "var(--st-text)" } },
    }),
    Badge: Badge.extend({ defaultProps: { variant: "light", radius: "sm", tt: "none" } }),
    Button: Button.extend({ ...small, styles: { label: { fontWeight: 500 } } }),
    Drawer: Drawer.extend({ defaultProps: { position: "right", size: "lg", ...closable }, styles: heading }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", position: "bottom-end", withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({ defaultProps: { centered: true, ...closable }, styles: heading }),
    MultiSelect: MultiSelect.extend(small),
    NumberInput: NumberInput.extend(small),
    Paper: Paper.extend({ defaultProps: { withBorder: true } }),
    PasswordInput: PasswordInput.extend(small),
    SegmentedControl: SegmentedControl.extend(small),
    Select: Select.extend({ defaultProps: { size: "xs", allowDeselect: false } }),
    Switch: Switch.extend({ defaultProps: { size: "sm" } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 7, horizontalSpacing: 12, borderColor: "var(--st-line)" } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    TagsInput: TagsInput.extend(small),
    Text: Text.extend({ defaultProps: { size: "sm" } }),
    Textarea: Textarea.extend(small),
    TextInput: TextInput.extend(small),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true } }),
  },
});

const surfaces = {
  "--mantine-color-body": "var(--st-surface)",
  "--mantine-color-text": "var(--st-text)",
  "--mantine-color-dimmed": "var(--st-dim)",
  "--mantine-color-placeholder": "var(--st-dim)",
  "--mantine-color-default-border": "var(--st-line)",
  "--mantine-color-error": "var(--st-critical)",
  "--mantine-color-anchor": "var(--st-accent)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: surfaces,
  dark: surfaces,
});
