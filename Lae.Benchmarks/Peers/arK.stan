// X holds the lagged series
data { int<lower=1> N; int<lower=1> D; matrix[N, D] X; vector[N] y; }
parameters { real alpha; vector[D] beta; real<lower=0> sigma; }
model { alpha ~ normal(0, 10); beta ~ normal(0, 10); sigma ~ cauchy(0, 2.5); y ~ normal_id_glm(X, alpha, beta, sigma); }
