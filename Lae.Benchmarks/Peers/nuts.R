# Stan's NUTS by rstan, as a process that is told what to do on its standard input, a line each, so that loading rstan is not in any figure:
#   version                                                  answers "version <of R and rstan>"
#   compile <model.stan>                                     answers "compiled <seconds>"; a compiled model is kept in the cache folder
#   sample <model.stan> <data.R> <seed> <out> <name,name>    answers "sampled <seconds on Stan's clock> <leapfrogs of warm-up> <of sampling> <divergences>"
# Two processes run two chains each at once; the seconds are those of the slower, by Stan's own clock, warm-up included. <out> gets the draws as doubles: parameter by parameter, chain by chain.
# Arguments: the cache folder.
suppressWarnings(suppressMessages(library(rstan)))
rstan_options(boost_lib = "/usr/include")
cache <- commandArgs(trailingOnly = TRUE)[1]
models <- list()

model_of <- function(file) {
  if (is.null(models[[file]])) {
    kept <- file.path(cache, paste0(tools::md5sum(file), "-", packageVersion("rstan"), ".rds"))
    if (!file.exists(kept)) saveRDS(stan_model(file, auto_write = FALSE), kept)
    models[[file]] <<- readRDS(kept)
  }
  models[[file]]
}

two_chains <- function(model, data, seed, part) suppressWarnings(sampling(
  model, data = data, chains = 2, chain_id = 2 * part - 1:0, seed = seed, iter = 2000, warmup = 1000, cores = 1, refresh = 0))

input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) == 1) {
  command <- strsplit(line, " ", fixed = TRUE)[[1]]
  if (command[1] == "version") {
    cat("version R", as.character(getRversion()), "and rstan", as.character(packageVersion("rstan")), "\n")
  } else if (command[1] == "compile") {
    took <- system.time(model_of(command[2]))[["elapsed"]]
    cat("compiled", took, "\n")
  } else {
    model <- model_of(command[2])
    data <- read_rdump(command[3])
    fits <- parallel::mclapply(1:2, function(part) two_chains(model, data, as.integer(command[4]), part), mc.cores = 2)
    names <- strsplit(command[6], ",", fixed = TRUE)[[1]]
    seconds <- max(sapply(fits, function(fit) sum(get_elapsed_time(fit))))
    steps <- function(warm) sum(sapply(fits, function(fit) sum(sapply(get_sampler_params(fit, inc_warmup = TRUE), function(one) sum(one[if (warm) 1:1000 else 1001:2000, "n_leapfrog__"])))))
    divergences <- sum(sapply(fits, function(fit) sum(sapply(get_sampler_params(fit, inc_warmup = FALSE), function(one) sum(one[, "divergent__"])))))
    out <- file(command[5], "wb")
    draws <- lapply(fits, as.array)
    for (name in names) for (part in draws) writeBin(as.double(part[, , name]), out)
    close(out)
    cat("sampled", seconds, steps(TRUE), steps(FALSE), divergences, "\n")
  }
}
