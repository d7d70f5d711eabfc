using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Annealing;

/// <summary>What annealed importance sampling found.</summary>
/// <param name="LogWeights">ln w of every chain, [chains].</param>
/// <param name="Positions">Where the chains ended, [chains, dimension]: weighted by w a sample of the distribution at the end of the way.</param>
/// <param name="Estimate">log Ẑ of the target, with its standard error.</param>
public sealed record AnnealedImportanceResult(Tensor LogWeights, Tensor Positions, LogNormalizingConstant Estimate);

/// <summary>
/// Annealed importance sampling: a way of unnormalised densities f_0 … f_K from a distribution that can be drawn from to a target, and a kernel T_k that leaves f_k invariant:
/// <code>
///     x_0 ~ f_0,    x_k ~ T_k(x_{k−1}, ·),    ln w = Σ_{k=1}^{K} log f_k(x_{k−1}) − log f_{k−1}(x_{k−1})
/// </code>
/// Then E w = Z_K/Z_0 exactly, however badly the kernels mix. Run from exact draws of the target down (reverse), E w = Z_0/Z_K: the forward estimate of log Z is low in expectation and the reverse one is high, so that the two
/// hold the truth between them. Cost in gradients for each chain: 1 at each of f_0 … f_K and those of the transitions at f_1 … f_{K−1}. Sources: Neal, Statistics and Computing 11 (2001), equations 5 to 8; Grosse, Ghahramani and
/// Adams (2015) for the reverse. A chain depends on the key and its number alone. Shapes: x is [chains, dimension], ln w is [chains].
/// </summary>
public static class AnnealedImportanceSampling
{
    /// <summary>From exact draws of a distribution to a target.</summary>
    /// <typeparam name="TState">The state type of the kernels.</typeparam>
    /// <param name="start">The distribution at β = 0, whose constant is known.</param>
    /// <param name="target">The target at β = 1.</param>
    /// <param name="builder">A kernel that leaves a density of the way invariant, given that density and β. Its temperature is 1; an unadjusted kernel biases the estimate.</param>
    /// <param name="settings">Schedule, chains, transitions, way, engine.</param>
    /// <param name="key">The key of the draws.</param>
    /// <returns>Weights, and the estimate of log Z of the target.</returns>
    /// <exception cref="NonFiniteStateException">A log weight or a state is not finite.</exception>
    public static AnnealedImportanceResult Forward<TState>(
        ExactTarget start, Target target, Func<Target, double, Kernel<TState>> builder, AnnealedImportanceSettings settings, RandomKey key)
        where TState : class, IKernelState<TState>, IHasLogDensity
    {
        (Tensor weights, Tensor positions) = Anneal(start, [.. settings.Densities(start.Target, target)], builder, settings, key);
        return new AnnealedImportanceResult(weights, positions, LogNormalizingConstant.OfForward(weights.ToArray(), start.LogNormalizingConstant));
    }

    /// <summary>From exact draws of the target back to a distribution whose constant is known: the check on <see cref="Forward"/> where the target can be drawn from, as with simulated data.</summary>
    /// <typeparam name="TState">The state type of the kernels.</typeparam>
    /// <param name="start">The distribution at β = 0, whose constant is known.</param>
    /// <param name="target">The target at β = 1, of which only the density and the draws are used; its constant is what is estimated.</param>
    /// <param name="builder">A kernel that leaves a density of the way invariant, given that density and β.</param>
    /// <param name="settings">Schedule, chains, transitions, way, engine.</param>
    /// <param name="key">The key of the draws.</param>
    /// <returns>Weights with E w = Z_0/Z, and the estimate of log Z of the target.</returns>
    /// <exception cref="NonFiniteStateException">A log weight or a state is not finite.</exception>
    public static AnnealedImportanceResult Reverse<TState>(
        ExactTarget start, ExactTarget target, Func<Target, double, Kernel<TState>> builder, AnnealedImportanceSettings settings, RandomKey key)
        where TState : class, IKernelState<TState>, IHasLogDensity
    {
        ImmutableArray<(double Beta, Target Density)> way = [.. settings.Densities(start.Target, target.Target).Reverse()];
        (Tensor weights, Tensor positions) = Anneal(target, way, builder, settings, key);
        return new AnnealedImportanceResult(weights, positions, LogNormalizingConstant.OfReverse(weights.ToArray(), start.LogNormalizingConstant));
    }

    private static (Tensor LogWeights, Tensor Positions) Anneal<TState>(
        ExactTarget from, ImmutableArray<(double Beta, Target Density)> way, Func<Target, double, Kernel<TState>> builder, AnnealedImportanceSettings settings, RandomKey key)
        where TState : class, IKernelState<TState>, IHasLogDensity
    {
        Workspace workspace = settings.Engine is null ? Workspace.Pooled() : Workspace.Pooled(settings.Engine);
        Chains chains = Chains.Range(settings.Chains);
        Tensor position = from.Draw(key.FoldIn(DrawDomain), settings.Chains).CopyTo(workspace);
        Tensor here = way[0].Density.Evaluate(position).LogDensity;
        Tensor logWeights = Tensor.Zeros(here.Shape, here.DType, workspace);
        long step = 0;
        for (int k = 1; k < way.Length; k++)
        {
            Kernel<TState> kernel = builder(way[k].Density, way[k].Beta);
            Combinators.RequireBegins(kernel);
            TState state = kernel.Initialize(position);
            Combinators.RequireLogDensity(kernel.Name, state);
            logWeights += state.LogDensity - here;
            if (!logWeights.AllFinite())
            {
                throw new NonFiniteStateException("a log weight", k);
            }

            if (k < way.Length - 1)
            {
                state = kernel.Thermalize(new NoiseSource(key.FoldIn(StartDomain), k, chains, workspace), state);
                for (int i = 0; i < settings.Transitions; i++)
                {
                    state = kernel.Transition(new NoiseSource(key, step, chains, workspace), state).State;
                    step++;
                }

                state.RequireFinite(k);
            }

            (position, here) = (state.Position, state.LogDensity);
            workspace.Collect(0, position, here, logWeights);
        }

        return (logWeights.Detach(), position.Detach());
    }

    private const ulong DrawDomain = (1UL << 62) + 1;
    private const ulong StartDomain = (1UL << 62) + 2;
}
