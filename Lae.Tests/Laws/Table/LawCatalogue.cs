namespace Lae.Tests.Laws.Table;

/// <summary>What a law speaks of, by which it is explained where it does not apply.</summary>
internal enum Subject
{
    /// <summary>The closed form of some kernels, of no others.</summary>
    ClosedForm,

    /// <summary>An acceptance ratio or a decision.</summary>
    Decision,

    /// <summary>The motion of position and momentum without noise.</summary>
    Dynamics,

    /// <summary>Gradients from a part of the data.</summary>
    Minibatches,

    /// <summary>The amortized encoder.</summary>
    Amortization,

    /// <summary>How a step goes along with a map of the target.</summary>
    Symmetry,

    /// <summary>How any kernel runs.</summary>
    Running,

    /// <summary>Step sizes or targets that follow a schedule.</summary>
    Schedules,

    /// <summary>What is computed from draws, whatever kernel made them.</summary>
    Diagnosis,

    /// <summary>Adaptation before the draws.</summary>
    WarmUp,
}

/// <summary>A row of the table.</summary>
/// <param name="Id">Such as <c>I-27</c>.</param>
/// <param name="Subject">What it speaks of.</param>
/// <param name="Statement">The law in one line.</param>
/// <param name="Kernels">The kernels for which it must be proved, if the rules of <see cref="Reasons"/> do not say it; those of a closed form.</param>
internal sealed record LawRow(string Id, Subject Subject, string Statement, params string[] Kernels);

/// <summary>All laws, I-1 to I-55 and .</summary>
internal static class LawCatalogue
{
    private static readonly string[] Splittings = ["BAOAB", "OBABO", "ABOBA", "OABAO", "BAOA"];
    private static readonly string[] Stochastic = ["SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB"];

    public static IReadOnlyList<LawRow> All { get; } =
    [
        new("I-1", Subject.ClosedForm, "ULA x' = x − hAx + √(2h) ξ has the stationary covariance (A(I − hA/2))⁻¹.", "ULA"),
        new("I-2", Subject.ClosedForm, "It is stable if and only if hL < 2, L the largest eigenvalue of A.", "ULA", "Leimkuhler–Matthews"),
        new("I-3", Subject.ClosedForm, "At temperature T the stationary covariance is T times as large.", "ULA", "Leimkuhler–Matthews"),
        new("I-4", Subject.ClosedForm, "Tempering: the step for (U, T, h) is the step for (U/T, 1, hT).", "ULA"),
        new("I-5", Subject.ClosedForm, "With preconditioner P and noise √(2h) P^{1/2} ξ the stationary covariance is (A − (h/2) A P A)⁻¹, by any root of P.", "ULA", "Leimkuhler–Matthews"),
        new("I-6", Subject.ClosedForm, "After n steps from a point the covariance is S − Bⁿ S Bⁿ and the mean Bⁿ x₀, B = I − hA.", "ULA"),
        new("I-7", Subject.ClosedForm, "The autocovariance at lag k is Bᵏ S; the integrated time of a mode is (2 − ha)/(ha).", "ULA"),
        new("I-8", Subject.ClosedForm, "The bias halves with h.", "ULA"),
        new("I-9", Subject.ClosedForm, "Leimkuhler–Matthews x' = x − h∇U + √(h/2)(ξₙ + ξₙ₊₁) has the covariance A⁻¹ exactly, at every stable h.", "Leimkuhler–Matthews"),
        new("I-10", Subject.ClosedForm, "The exact Ornstein–Uhlenbeck transition keeps A⁻¹: E A⁻¹ E + A⁻¹(I − E²) = A⁻¹, E = exp(−hA).", Splittings),
        new("I-11", Subject.ClosedForm, "A schedule of affine steps is the composition of their maps.", "annealed Langevin", "compose", "anneal"),
        new("I-12", Subject.ClosedForm, "Without noise, or at T = 0, the step is gradient descent.", "ULA", "Leimkuhler–Matthews"),
        new("I-13", Subject.ClosedForm, "The log ratio of MALA is U(x) − U(y) + (y−x)·(g_x+g_y)/2 + (h/4)(|g_x|² − |g_y|²), for any U.", "MALA"),
        new("I-13b", Subject.ClosedForm, "… with preconditioner P and temperature T: (U(x) − U(y))/T + (y−x)·(g_x+g_y)/(2T) + (h/(4T))(g_xᵀPg_x − g_yᵀPg_y).", "MALA"),
        new("I-14", Subject.ClosedForm, "On a Gaussian it is (h/4)(|Ax|² − |Ay|²).", "MALA"),
        new("I-15", Subject.Decision, "The log ratio is antisymmetric: r(x, y) = −r(y, x)."),
        new("I-16", Subject.Decision, "Detailed balance, pointwise: log π(x) + log q(x, y) + min(0, r) is symmetric in (x, y)."),
        new("I-17", Subject.ClosedForm, "HMC with one leapfrog step of size ε is MALA with h = ε²/2: the same proposal, the same ratio.", "MALA", "HMC"),
        new("I-18", Subject.ClosedForm, "Barker's ratio is π(y)(1+e^{−z g_x}) / (π(x)(1+e^{z g_y})), z = y − x, g = ∇log π.", "Barker"),
        new("I-19", Subject.ClosedForm, "Barker's proposal density integrates to 1.", "Barker"),
        new("I-20", Subject.Decision, "E[exp r] = 1 under stationarity."),
        new("I-21", Subject.ClosedForm, "Velocity Verlet on a harmonic conserves p²/2 + (ω²/2)(1 − h²ω²/4) q² exactly.", "HMC", "GHMC", "MALT", "NUTS"),
        new("I-22", Subject.Dynamics, "The integrator preserves volume (is symplectic) and is reversible under p → −p."),
        new("I-23", Subject.ClosedForm, "MALT with friction 0 is HMC; the reversed path with reversed noise returns, and flips the energy error.", "MALT"),
        new("I-24", Subject.ClosedForm, "The log ratio of a replica swap is (b_i − b_j)(U_i − U_j), and a swap is a permutation.", "replica exchange"),
        new("I-25", Subject.ClosedForm, "MALA on N(0, I_d) with 2h = l² d^{−1/3} accepts 2Φ(−l³/8) as d grows: 0.574 at the best l.", "MALA"),
        new("I-26", Subject.Decision, "On a flat target it always accepts."),
        new("I-27", Subject.ClosedForm, "BAOAB: position covariance A⁻¹ exactly at all frictions, momentum M − h²A/4, none between them.", "BAOAB"),
        new("I-28", Subject.ClosedForm, "ABOBA: position A⁻¹ exactly, momentum (M⁻¹ − h² M⁻¹AM⁻¹/4)⁻¹, none between them.", "ABOBA"),
        new("I-29", Subject.ClosedForm, "OBABO: position (A − h² A M⁻¹ A/4)⁻¹, momentum M exactly, none between them.", "OBABO"),
        new("I-30", Subject.ClosedForm, "OABAO: position A⁻¹ − h² M⁻¹/4, momentum M exactly, none between them.", "OABAO"),
        new("I-31", Subject.ClosedForm, "BAOA: position A⁻¹ and momentum M exactly, and a covariance between them that is not 0.", "BAOA"),
        new("I-32", Subject.ClosedForm, "They are stable if and only if h ω_max < 2.", Splittings),
        new("I-33", Subject.ClosedForm, "The temperature multiplies every covariance of position and momentum.", Splittings),
        new("I-34", Subject.ClosedForm, "The bias of OBABO is of second order: a quarter when h halves.", "OBABO"),
        new("I-35", Subject.ClosedForm, "The O substep is a semigroup, c(t)c(s) = c(t+s), keeps N(0, T M), and is reversible; the one-step map shows its friction.", Splittings),
        new("I-36", Subject.ClosedForm, "SGLD with gradient-noise variance v has in one dimension the variance (1 + hv/2)/(a(1 − ha/2)).", "SGLD"),
        new("I-37", Subject.ClosedForm, "Injected noise 2hI − h²V restores the law of ULA.", "SGLD"),
        new("I-38", Subject.Minibatches, "The minibatch gradient is unbiased: the mean over all batches is the full gradient."),
        new("I-39", Subject.Minibatches, "Without replacement the variance of the scaled sum is N(N−n)/n · s²."),
        new("I-40", Subject.Minibatches, "With control variates or SVRG on a Gaussian location model every batch gives the full gradient."),
        new("I-41", Subject.Minibatches, "The control-variate estimator is unbiased on logistic regression, over all batches."),
        new("I-42", Subject.ClosedForm, "The explicit order of SGHMC has a closed form far from the target's law, by which it is told from the order that Lae has.", "SGHMC"),
        new("I-43", Subject.ClosedForm, "… of first order: ω² S_xx ≈ 1 + hω²/α, stable about hω² < α.", "SGHMC"),
        new("I-44", Subject.ClosedForm, "SGHMC with the gradient at the new position: ω² S_xx = 1.0001 at h = 0.02, α = 1.", "SGHMC"),
        new("I-45", Subject.Amortization, "A step of amortized Langevin dynamics is ULA on the stacked latents, preconditioned by the Gram matrix K = G Gᵀ."),
        new("I-46", Subject.Amortization, "Its stationary latent covariance is (A − (η/2) A K A)⁻¹."),
        new("I-47", Subject.Amortization, "The finite-step bias couples different data, O(η), and not with a diagonal Gram matrix."),
        new("I-48", Subject.Amortization, "With fewer features than data the latents outside the column space of G never move."),
        new("I-49", Subject.Amortization, "A step on the mean energy with noise √(2η/n) is ULA on the sum with step η/n."),
        new("I-50", Subject.Symmetry, "Affine maps: with U'(y) = U(M⁻¹y) and P' = M P Mᵀ the step of Mx is M times the step of x, for matching noise."),
        new("I-51", Subject.Symmetry, "Rotation: the rotated target, state and noise give the rotated step."),
        new("I-52", Subject.Symmetry, "Translation, and permutation of coordinates."),
        new("I-53", Subject.Symmetry, "A constant added to U changes nothing."),
        new("I-54", Subject.Symmetry, "The step depends on U/T and hT only."),
        new("I-55", Subject.Symmetry, "On a product target a block ignores the others, without an accept test."),
        new("R-1", Subject.Running, "The same seed gives the same draws, different seeds different ones."),
        new("R-2", Subject.Running, "n transitions and then m are n + m."),
        new("R-3", Subject.Running, "Writing the state, reading it and going on is going on."),
        new("R-4", Subject.Running, "Thinning by k keeps every kth draw."),
        new("R-5", Subject.Running, "A chain depends on the seed and its number alone."),
        new("R-6", Subject.Running, "All chains at once are each chain alone."),
        new("R-7", Subject.Running, "The number of threads changes nothing."),
        new("R-8", Subject.Running, "Gradients are counted as they are made."),
        new("R-9", Subject.Running, "What is not finite is rejected and counted at a proposal, and stops the run elsewhere."),
        new("R-10", Subject.Running, "Progress and cancellation never change draws."),
        new("R-11", Subject.Running, "A transition leaves its arguments as they were."),
        new("R-12", Subject.Schedules, "Schedules: cyclical in (0, α₀], period exact, first step α₀; polynomial positive and decreasing.", Stochastic),
        new("R-13", Subject.WarmUp, "Warm-up never affects the kernel after it is frozen; without adaptation nothing changes.", "runner"),
        new("R-14", Subject.Diagnosis, "Streaming mean and covariance are those of the batch; merging is associative and commutative.", "runner"),
        new("R-15", Subject.Diagnosis, "Diagnostics: effective sizes of AR(1), invariances of rank R-hat.", "runner"),
    ];
}
