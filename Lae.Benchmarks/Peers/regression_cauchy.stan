// the first coefficient is the intercept, X holds the other columns
data { int<lower=1> N; int<lower=1> D; matrix[N, D] X; vector[N] y; }
parameters { vector[D + 1] beta; real<lower=0> sigma; }
model { sigma ~ cauchy(0, 2.5); y ~ normal_id_glm(X, beta[1], tail(beta, D), sigma); }
