using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <content>One of several kernels, by chance.</content>
public static partial class Combinators
{
    private static readonly ImmutableArray<string> MixtureNoise = ["uniform"];

    /// <summary>
    /// One of several kernels, chosen for each chain and transition by chance: the transition law Σ_k w_k K_k. All must have the same target: the caches of a state are handed on. Each kernel works on the
    /// rows that chose it and on no others, so a chain costs the gradients of its own kernel (noise that is drawn beforehand is drawn for all). Noise leaf <c>uniform</c> [chains], by which the choice is made, and a part for each kernel.
    /// </summary>
    /// <typeparam name="TState">The state type of all.</typeparam>
    /// <param name="kernels">One or more.</param>
    /// <param name="weights">w, positive and finite; they are divided by their sum. Equal if null.</param>
    /// <returns>
    /// A kernel. Its info counts the gradients of the costliest kernel that ran; a chain whose kernel makes no test counts as accepted where another kernel makes one; the extra <c>component</c> [chains] tells the choice.
    /// </returns>
    /// <exception cref="ArgumentException">As many weights as kernels are needed.</exception>
    public static Kernel<TState> Mixture<TState>(IReadOnlyList<Kernel<TState>> kernels, IReadOnlyList<double>? weights = null)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState>[] parts = [.. kernels];
        RequireAlike(parts, nameof(kernels));
        double[] cumulative = Cumulative(weights ?? [.. parts.Select(_ => 1.0)], parts.Length);
        return new Kernel<TState>(
            $"mixture of {string.Join(", ", parts.Select(part => part.Name))}",
            parts[0].Dimension,
            parts[0].DType,
            parts[0].Initialize,
            parts[0].Refresh,
            source => new Noise(source, TensorTree.Of(MixtureNoise, [source.Uniform(0, parts[0].DType)]), DrawParts(parts, source)),
            (noise, state) => Move(noise, default, state),
            parts[0].Thermalize)
        {
            IsDivisible = parts.All(part => part.IsDivisible),
            Move = (source, state) => Move(null, source, state),
        };

        // by given noise, or by what the source draws, which then is for no more chains than those that need it
        Transition<TState> Move(Noise? noise, NoiseSource source, TState state)
        {
            using RowGroups groups = new(noise is null ? source.Uniform(0, parts[0].DType) : noise[0], cumulative);
            MixedRows<TState> mixed = new(groups, state, parts.Length);
            for (int k = 0; k < parts.Length; k++)
            {
                int count = groups.Rows(k).Length;
                if (count == groups.Count)
                {
                    mixed.Take(k, noise is null ? parts[k].Transition(source.Part(k), state) : parts[k].Advance(noise.Parts[k], state));
                }
                else if (count > 0)
                {
                    TState own = StateOperations.GatherRows(state, groups.Rows(k));
                    mixed.Place(k, noise is null ? parts[k].Transition(source.Part(k).Of(groups.ChainsOf(k, source.Chains)), own) : parts[k].Advance(OfRows(noise.Parts[k], groups.Rows(k)), own));
                }
            }

            return mixed.Together();
        }
    }

    private static Noise OfRows(Noise noise, ReadOnlySpan<int> rows)
    {
        int[] copy = rows.ToArray();
        return noise.Map(leaf => leaf.GatherRowsAt(copy));
    }

    private static double[] Cumulative(IReadOnlyList<double> weights, int count)
    {
        if (weights.Count != count)
        {
            throw new ArgumentException($"{count} weights are needed, one for each kernel, not {weights.Count}.", nameof(weights));
        }

        double[] cumulative = new double[count];
        double sum = 0;
        for (int k = 0; k < count; k++)
        {
            sum += weights[k] > 0 && double.IsFinite(weights[k])
                ? weights[k]
                : throw new ArgumentOutOfRangeException(nameof(weights), weights[k], "A weight must be positive and finite.");
            cumulative[k] = sum;
        }

        for (int k = 0; k < count; k++)
        {
            cumulative[k] /= sum;
        }

        // a uniform is below 1, whatever the rounding of the sum
        cumulative[^1] = double.PositiveInfinity;
        return cumulative;
    }
}
