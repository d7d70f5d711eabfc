using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// All laws that apply to a kernel, in one line, for whoever writes one. A kernel is given as a function of its target, since laws choose the targets. From xunit, or any other test framework:
/// <code>
///     // claims to keep the target's law exactly: MALA, HMC, NUTS, …
///     KernelLaws.Exact(target => MySampler.Create(target, new MySettings(stepSize: 0.4))).Require();
///
///     // claims to keep it up to a bias that vanishes with the step size: ULA, BAOAB, …
///     KernelLaws.Unadjusted((target, h) => MySampler.Create(target, new MySettings(h)), stepSize: 0.2).Require();
/// </code>
/// As an FsCheck property, with the temperature drawn at random:
/// <code>
///     Prop.ForAll(temperatures, t => KernelLaws.Unadjusted(
///         (target, h) => MySampler.Create(target, new MySettings(h, t)), 0.2, new KernelLawSettings { Temperature = t }).All(law => law.Holds))
/// </code>
/// Each result says in words what is wrong, such as "The stationary covariance is 0.5 times what it should be, everywhere: noise may be sqrt(h) where sqrt(2h) is needed". Targets have deviations of about 1
/// (a Gaussian with precisions from 0.5 to 2, a banana, a mixture of two modes): take a step size at which about half of the proposals are accepted there, 0.3 to 0.8 for Langevin kernels in three dimensions.
/// </summary>
/// <remarks>
/// What a kernel must be for this: a <see cref="Kernel{TState}"/> in double precision, whose noise leaves that hold standard normal numbers have names that begin with <c>xi</c>, whose chains are rows, independent of each
/// other. Laws that cannot be stated for a kernel are left out: pointwise detailed balance where the proposal is not Gaussian given the state. The single laws are public too:
/// <see cref="RunnerLaws"/>, <see cref="StationaryLaw"/>, <see cref="MetropolisLaws"/>, <see cref="Symmetries"/>, <see cref="ExactStart"/>, <see cref="RankTest"/>.
/// </remarks>
public static partial class KernelLaws
{
    /// <summary>
    /// The laws of a kernel that claims to keep π^{1/T} exactly, at any step size: the runner laws, the symmetries, detailed balance pointwise (where the proposal is Gaussian), the exact-start test on a Gaussian, a banana
    /// and a mixture, and if it is reversible the rank test on these.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target; called several times.</param>
    /// <param name="settings">What is claimed; the defaults if null.</param>
    /// <returns>One result for each law, in the order in which they were tried.</returns>
    public static IReadOnlyList<LawResult> Exact<TState>(Func<Target, Kernel<TState>> create, KernelLawSettings? settings = null)
        where TState : class, IKernelState<TState>
    {
        KernelLawSettings claim = settings ?? new KernelLawSettings();
        claim.RequireValid();
        ExactTarget[] targets = [TestTargets.Gaussian(claim.Dimension), TestTargets.Banana(claim.Dimension), TestTargets.Mixture(claim.Dimension)];
        return
        [
            .. OfAnyKernel(create, claim),
            .. Pointwise(create, targets[^1].ForTemperature(claim.Temperature), claim),
            .. Statistical(create, targets, claim),
        ];
    }

    /// <summary>
    /// The laws of a kernel that is exact only as its step size goes to 0: the runner laws, the symmetries, and on a Gaussian with precision A, all without a draw: the step is affine, it is stable, its stationary covariance of positions
    /// tends to T A⁻¹ and its mean to the target's as h → 0, and its bias is of the order claimed.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target and a step size h; called with the step size given and with fractions of it.</param>
    /// <param name="stepSize">h, positive, at which the kernel is stable where the largest precision is 2.</param>
    /// <param name="settings">What is claimed; the defaults if null.</param>
    /// <returns>One result for each law, in the order in which they were tried.</returns>
    public static IReadOnlyList<LawResult> Unadjusted<TState>(Func<Target, double, Kernel<TState>> create, double stepSize, KernelLawSettings? settings = null)
        where TState : class, IKernelState<TState>
    {
        if (!(stepSize > 0) || !double.IsFinite(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        }

        KernelLawSettings claim = settings ?? new KernelLawSettings();
        claim.RequireValid();
        return
        [
            .. OfAnyKernel(target => create(target, stepSize), claim),
            .. SmallSteps.Check(create, stepSize, claim),
        ];
    }
}
