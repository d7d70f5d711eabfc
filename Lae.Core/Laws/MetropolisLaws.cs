using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// Pointwise laws of a Metropolis-adjusted kernel whose proposal is Gaussian given the state: y = m(x) + S(x) ξ. The proposal is read
/// off the kernel as a black box, its density follows, and what the kernel reports and does is compared with what detailed balance asks for. No random test is made.
/// </summary>
/// <remarks>
/// Noise leaves must be <c>xi</c> [chains, dimension] and <c>uniform</c> [chains], number type float64. The black box costs digits: the
/// noise that leads back from y is found by solving with a root that was itself read off as a difference of positions, so that the error is
/// about 1e-16 times (|y| / proposal scale) times the condition number of the root. Measured on 400 generated cases (quartic, logistic regression, funnel, and Gaussians with
/// condition numbers up to 1000): median below 1e-15, worst 1e-12. The default tolerance is 1e-10.
/// </remarks>
public static class MetropolisLaws
{
    /// <summary>The lowest log acceptance that can be read off: beyond it a uniform is no double any more.</summary>
    private const double LowestLog = -700;

    /// <summary>Every law below.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest relative error.</param>
    /// <returns>One result for each law.</returns>
    public static IReadOnlyList<LawResult> All<TState>(
        Kernel<TState> kernel, Target target, double temperature, Tensor position, Tensor xi, double tolerance = 1e-10)
        where TState : class, IKernelState<TState> =>
    [
        DetailedBalance(kernel, target, temperature, position, xi, tolerance),
        Antisymmetry(kernel, position, xi, tolerance),
        FluxSymmetry(kernel, target, temperature, position, xi, tolerance),
        Decision(kernel, position, xi),
    ];

    /// <summary>
    /// I-13: the log acceptance ratio that the kernel reports is r(x, y) = log π(y)/T + log q(y → x) − log π(x)/T − log q(x → y), relative to the size of the terms.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest relative error.</param>
    /// <returns>The law's result.</returns>
    public static LawResult DetailedBalance<TState>(
        Kernel<TState> kernel, Target target, double temperature, Tensor position, Tensor xi, double tolerance = 1e-10)
        where TState : class, IKernelState<TState>
    {
        (Tensor proposed, Tensor ratio) = Propose(kernel, position, xi);
        Pair pair = Pair.Of(kernel, target, temperature, position, xi, proposed);
        return new LawResult(
            "I-13 log acceptance ratio",
            Largest((ratio - (pair.There - pair.Here)) / pair.Scale),
            tolerance,
            "The log acceptance ratio that the kernel reports was compared with log π(y) q(y→x) / π(x) q(x→y), with q read off the kernel; a gap means a missing, flipped or mis-scaled proposal ratio, or a temperature missing in one term.");
    }

    /// <summary>I-15, antisymmetry: r(x, y) = −r(y, x).</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest error relative to 1 + |r|.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Antisymmetry<TState>(Kernel<TState> kernel, Tensor position, Tensor xi, double tolerance = 1e-10)
        where TState : class, IKernelState<TState>
    {
        (Tensor proposed, Tensor forward) = Propose(kernel, position, xi);
        (_, Tensor backward) = Propose(kernel, proposed, GaussianProposal.ReadOff(kernel, proposed).NoiseOf(position));
        return new LawResult(
            "I-15 antisymmetry of the log acceptance ratio",
            Largest((forward + backward) / (1 + forward.Abs())),
            tolerance,
            "r(x, y) + r(y, x) must vanish: the way back must undo the way there.");
    }

    /// <summary>
    /// I-16, detailed balance of what the kernel does: log π(x)/T + log q(x → y) + log α(x, y) is symmetric in x and y, where the acceptance
    /// probability α is not what the kernel reports, but the uniform at which its decision changes, found by bisection.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest error relative to the size of the terms.</param>
    /// <returns>The law's result.</returns>
    public static LawResult FluxSymmetry<TState>(
        Kernel<TState> kernel, Target target, double temperature, Tensor position, Tensor xi, double tolerance = 1e-10)
        where TState : class, IKernelState<TState>
    {
        (Tensor proposed, _) = Propose(kernel, position, xi);
        Pair pair = Pair.Of(kernel, target, temperature, position, xi, proposed);
        Tensor forward = LogAcceptance(kernel, position, xi);
        Tensor backward = LogAcceptance(kernel, proposed, pair.ReverseNoise);
        // α below the least double reads as the least: the difference can be no larger
        Tensor expected = Tensor.FromArray([.. (pair.There - pair.Here).ToArray().Select(r => Math.Clamp(r, LowestLog, -LowestLog))]);
        return new LawResult(
            "I-16 detailed balance",
            Largest((forward - backward - expected) / pair.Scale),
            tolerance,
            "The flux from x to y and that from y to x differ, with the acceptance probability read off the decisions: the kernel does not leave the target invariant.");
    }

    /// <summary>
    /// The decision is the one reported: accepted just where u is below min(1, eʳ), r the reported ratio; a rejected chain keeps every bit of its state, and an
    /// accepted one has every leaf of the proposal's. Asked of x → y and of y → x, since one of the two is mostly accepted whatever happens.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest error of the log acceptance probability relative to 1 + |r|, and of the reported probability.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Decision<TState>(Kernel<TState> kernel, Tensor position, Tensor xi, double tolerance = 1e-12)
        where TState : class, IKernelState<TState>
    {
        (Tensor there, _) = Propose(kernel, position, xi);
        xi = Shaping.Join(0, [xi, GaussianProposal.ReadOff(kernel, there).NoiseOf(position)]);
        position = Shaping.Join(0, [position, there]);
        int points = position.Shape[0];
        double[] threshold = LogAcceptance(kernel, position, xi).ToArray();
        Transition<TState> taken = GaussianProposal.Advance(kernel, position, xi, Tensor.Zeros(new Shape(points), DType.Float64));
        double[] ratio = Ratio(kernel, taken.Info).ToArray();
        double[] probability = taken.Info.AcceptanceProbability?.ToArray() ?? [];
        double error = probability.Length == points ? 0 : double.NaN;
        for (int i = 0; i < probability.Length; i++)
        {
            double expected = Math.Clamp(ratio[i], LowestLog, 0);
            error = double.MaxMagnitude(error, (threshold[i] - expected) / (1 + Math.Abs(expected)));
            error = double.MaxMagnitude(error, probability[i] - Math.Exp(Math.Min(0, ratio[i])));
        }

        TState start = kernel.Initialize(position);
        Tensor just = Tensor.FromArray([.. threshold.Select((t, i) => i % 2 == 0 ? Math.Exp(t) * (1 - 1e-9) : double.BitDecrement(1))]);
        Transition<TState> mixed = GaussianProposal.Advance(kernel, position, xi, just);
        double[] accepted = mixed.Info.Accepted?.ToArray() ?? [];
        for (int leaf = 0; leaf < start.Layout.Count && accepted.Length == points; leaf++)
        {
            double[] before = start.Leaf(leaf).ToArray();
            double[] proposed = taken.State.Leaf(leaf).ToArray();
            double[] after = mixed.State.Leaf(leaf).ToArray();
            int columns = before.Length / points;
            for (int i = 0; i < after.Length; i++)
            {
                error = double.MaxMagnitude(error, after[i].Equals((accepted[i / columns] != 0 ? proposed : before)[i]) ? 0 : 1);
            }
        }

        error = accepted.Length == points ? error : double.NaN;
        return new LawResult(
            "the decision is the one reported",
            Math.Abs(error),
            tolerance,
            "A proposal must be accepted just where u < min(1, exp r), with r and the probability as reported; a rejected chain keeps its state, and an accepted one takes every leaf of the proposal.");
    }

    /// <summary>The proposal from each point by given noise, and the log acceptance ratio that the kernel reports for it.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[points, dimension].</param>
    /// <param name="xi">[points, dimension].</param>
    /// <returns>[points, dimension] and [points].</returns>
    public static (Tensor Proposed, Tensor LogAcceptanceRatio) Propose<TState>(Kernel<TState> kernel, Tensor position, Tensor xi)
        where TState : class, IKernelState<TState>
    {
        Transition<TState> next = GaussianProposal.Advance(kernel, position, xi, Tensor.Zeros(new Shape(position.Shape[0]), DType.Float64));
        return (next.State.Position, Ratio(kernel, next.Info));
    }

    private static Tensor Ratio<TState>(Kernel<TState> kernel, StepInfo info)
        where TState : class, IKernelState<TState> => -(info.EnergyError
            ?? throw new ArgumentException($"'{kernel.Name}' reports no energy error: it makes no Metropolis test.", nameof(kernel)));

    /// <summary>log α of each proposal: the log of the uniform at which the chain ceases to move, by bisection.</summary>
    private static Tensor LogAcceptance<TState>(Kernel<TState> kernel, Tensor position, Tensor xi)
        where TState : class, IKernelState<TState>
    {
        int points = position.Shape[0];
        int d = kernel.Dimension;

        // as the state has it: a kernel on other variables comes back to a position only up to rounding
        double[] from = kernel.Initialize(position).Position.ToArray();
        double[] low = new double[points];
        double[] high = new double[points];
        Array.Fill(low, LowestLog);
        for (int round = 0; round < 64; round++)
        {
            double[] middle = [.. low.Zip(high, (a, b) => 0.5 * (a + b))];
            double[] to = GaussianProposal.Advance(kernel, position, xi, Tensor.FromArray([.. middle.Select(Math.Exp)])).State.Position.ToArray();
            for (int i = 0; i < points; i++)
            {
                bool moved = !to.AsSpan(i * d, d).SequenceEqual(from.AsSpan(i * d, d));
                (moved ? ref low[i] : ref high[i]) = middle[i];
            }
        }

        return Tensor.FromArray(low);
    }

    private static double Largest(Tensor x) => x.ToArray().Aggregate(0.0, (largest, value) => double.MaxMagnitude(largest, Math.Abs(value)));

    /// <summary>What belongs to x and y: log π(x)/T + log q(x → y), the same the other way, the size of the terms, and the noise that leads back.</summary>
    private sealed record Pair(Tensor Here, Tensor There, Tensor Scale, Tensor ReverseNoise)
    {
        public static Pair Of<TState>(Kernel<TState> kernel, Target target, double temperature, Tensor position, Tensor xi, Tensor proposed)
            where TState : class, IKernelState<TState>
        {
            GaussianProposal reverse = GaussianProposal.ReadOff(kernel, proposed);
            Tensor reverseNoise = reverse.NoiseOf(position);
            Tensor reverseLog = reverse.LogDensity(reverseNoise);
            Tensor forwardLog = GaussianProposal.ReadOff(kernel, position).LogDensity(xi);
            Tensor here = target.Evaluate(position).LogDensity * (1 / temperature);
            Tensor there = target.Evaluate(proposed).LogDensity * (1 / temperature);
            return new Pair(here + forwardLog, there + reverseLog, 1 + there.Abs() + here.Abs() + reverseLog.Abs() + forwardLog.Abs(), reverseNoise);
        }
    }
}
