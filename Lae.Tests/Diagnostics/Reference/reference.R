# Makes draws.csv and figures.csv beside this file: Rscript reference.R, with Debian's r-cran-posterior (posterior 1.4.0, R 4.2.2).
suppressMessages(library(posterior))
set.seed(20261122)
ar <- function(n, chains, phi) sapply(1:chains, function(c) as.numeric(arima.sim(list(ar = phi), n = n)))
cases <- list(
  independent = matrix(rnorm(4 * 120), 120),
  correlated = ar(200, 4, 0.9),
  antithetic = ar(150, 4, -0.4),
  cauchy = matrix(rcauchy(3 * 121), 121),
  shifted = sweep(matrix(rnorm(4 * 100), 100), 2, c(0, 0, 0, 1), "+"),
  spread = sweep(matrix(rnorm(4 * 100), 100), 2, c(1, 1, 1, 4), "*"),
  ties = matrix(rpois(2 * 80, 3), 80),
  trend = apply(matrix(rnorm(2 * 90), 90), 2, function(x) x + seq(-1, 1, length.out = 90)),
  single = ar(77, 1, 0.5))
options(digits = 17)
draws <- do.call(rbind, lapply(names(cases), function(name) {
  x <- cases[[name]]
  data.frame(case = name, chain = rep(seq_len(ncol(x)) - 1, each = nrow(x)), value = sprintf("%.17g", as.numeric(x)))
}))
write.csv(draws, "draws.csv", row.names = FALSE, quote = FALSE)
fold <- function(x) abs(x - median(x))
split <- posterior:::.split_chains
figure <- function(x) c(
  rHat = rhat(x), rHatBulk = posterior:::.rhat(posterior:::z_scale(split(x))), rHatFolded = posterior:::.rhat(posterior:::z_scale(split(fold(x)))),
  rHatBasic = if (ncol(x) > 1) posterior:::.rhat(x) else NaN,
  essBulk = suppressWarnings(ess_bulk(x)), essTail = suppressWarnings(ess_tail(x)), essMean = suppressWarnings(ess_mean(x)), essSd = suppressWarnings(ess_sd(x)),
  essMedian = suppressWarnings(ess_quantile(x, 0.5, names = FALSE)), mcseMean = suppressWarnings(mcse_mean(x)), mcseSd = suppressWarnings(mcse_sd(x)),
  mcseQ05 = suppressWarnings(mcse_quantile(x, 0.05, names = FALSE)), mcseQ95 = suppressWarnings(mcse_quantile(x, 0.95, names = FALSE)),
  q05 = unname(quantile(x, 0.05)), q95 = unname(quantile(x, 0.95)))
figures <- do.call(rbind, lapply(names(cases), function(name) {
  f <- figure(cases[[name]])
  data.frame(case = name, figure = names(f), value = sprintf("%.17g", f))
}))
write.csv(figures, "figures.csv", row.names = FALSE, quote = FALSE)
