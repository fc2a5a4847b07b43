import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";

/** What is open now, and what happened in so many days. */
export const overviewQuery = (days = 7) =>
  queryOptions({
    queryKey: [...keys.overview, days],
    placeholderData: keepPreviousData,
    queryFn: () => call(api.GET("/api/v1/overview", { params: { query: { days } } })),
  });
