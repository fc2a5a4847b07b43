import { Box, Button, Group, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconMapQuestion, IconRefresh, type IconProps } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { ApiError, describeError } from "@/api/client";

interface EmptyProps {
  icon: ComponentType<IconProps>;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** What a place says when there is nothing in it, and what to do about that. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <ThemeIcon variant="light" color="gray" size={40} radius="xl">
        <Icon size={20} stroke={1.6} />
      </ThemeIcon>
      <Title order={2} mt={4}>
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={460} component="div">
          {children}
        </Text>
      )}
      {action && <Box mt={8}>{action}</Box>}
    </Stack>
  );
}

/** What went wrong, in the server's words, with its code and a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  if (error instanceof ApiError && error.status === 403) return <NoPermission detail={error.message} />;
  if (error instanceof ApiError && error.status === 404) return <Nothing title="There is nothing here" />;
  const title = error instanceof ApiError ? error.problem.title : "This page could not be shown";
  const detail = describeError(error);
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center" role="alert">
      <ThemeIcon variant="light" color="red" size={40} radius="xl">
        <IconAlertTriangle size={20} stroke={1.6} />
      </ThemeIcon>
      <Title order={2} mt={4}>
        {title}
      </Title>
      {detail !== title && (
        <Text c="dimmed" maw={520}>
          {detail}
        </Text>
      )}
      <Group gap="xs" mt={8}>
        {retry && (
          <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={retry}>
            Try again
          </Button>
        )}
        {error instanceof ApiError && <span className="mono dim">{error.code}</span>}
      </Group>
    </Stack>
  );
}

/** For what is not there, or not for those who ask. */
export function Nothing({ title, action }: { title: string; action?: ReactNode }) {
  return (
    <Empty icon={IconMapQuestion} title={title} action={action}>
      It may have been deleted, or it belongs to another organization.
    </Empty>
  );
}

export function NoPermission({ detail }: { detail?: string }) {
  return (
    <Empty icon={IconLock} title="Your role does not include this">
      {detail ?? "Ask an administrator of your organization for the permission."}
    </Empty>
  );
}

/** Grey lines where rows will be. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Stack gap={10} p="md" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <Group key={index} gap="sm" wrap="nowrap">
          <Skeleton height={14} width={64} />
          <Skeleton height={14} style={{ flex: 1 }} />
          <Skeleton height={14} width={88} visibleFrom="sm" />
        </Group>
      ))}
    </Stack>
  );
}

interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface LoadedProps<T> {
  query: QueryLike<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The three faces of something that is read from the server. Old data stays on screen when a re-read fails. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <>{skeleton ?? <RowsSkeleton />}</>;
}
