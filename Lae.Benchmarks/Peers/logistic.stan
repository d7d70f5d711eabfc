data { int<lower=1> N; int<lower=1> D; matrix[N, D] X; int<lower=0, upper=1> y[N]; }
parameters { real a; vector[D] b; }
model { a ~ normal(0, 10); b ~ normal(0, 1); y ~ bernoulli_logit_glm(X, a, b); }
