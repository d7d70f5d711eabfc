using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <content>One of several kernels, by chance.</content>
public static partial class Combinators
{
    private static readonly ImmutableArray<string> MixtureNoise = ["uniform"];

    /// <summary>
    /// One of several kernels, chosen for each chain and transition by chance: the transition law Σ_k w_k K_k. All must have the same target: the caches of a state are handed on. Each kernel works on the
    /// rows that chose it and on no others, so a chain costs the gradients of its own kernel; noise is drawn for all. Noise leaf <c>uniform</c> [chains], by which the choice is made, and a part for each kernel.
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
            source => new Noise(TensorTree.Of(MixtureNoise, [source.Uniform(0, parts[0].DType)]), [.. parts.Select((part, i) => part.DrawNoise(source.Part(i)))]),
            Advance,
            parts[0].Thermalize)
        {
            IsDivisible = parts.All(part => part.IsDivisible),
        };

        Transition<TState> Advance(Noise noise, TState state)
        {
            int[] choice = [.. noise[0].ToArray().Select(u => Array.FindIndex(cumulative, c => u < c))];
            List<int[]> rows = [];
            List<Transition<TState>> outcomes = [];
            for (int k = 0; k < parts.Length; k++)
            {
                int[] mine = [.. Enumerable.Range(0, choice.Length).Where(row => choice[row] == k)];
                if (mine.Length > 0)
                {
                    bool all = mine.Length == choice.Length;
                    rows.Add(mine);
                    outcomes.Add(all
                        ? parts[k].Advance(noise.Parts[k], state)
                        : parts[k].Advance(noise.Parts[k].Map(leaf => leaf.GatherRows(mine)), state.Map(leaf => leaf.GatherRows(mine))));
                }
            }

            return Together(rows, outcomes, Tensor.FromArray([.. choice.Select(k => (double)k)]).Cast(parts[0].DType));
        }
    }

    /// <summary>The outcomes of groups of rows as one outcome, each row in its place.</summary>
    private static Transition<TState> Together<TState>(List<int[]> rows, List<Transition<TState>> outcomes, Tensor component)
        where TState : class, IKernelState<TState>
    {
        int[] place = new int[component.Count];
        int next = 0;
        foreach (int row in rows.SelectMany(group => group))
        {
            place[row] = next++;
        }

        TState first = outcomes[0].State;
        TState state = outcomes.Count == 1
            ? first
            : first.WithLeaves([.. Enumerable.Range(0, first.Layout.Count).Select(leaf => InPlace([.. outcomes.Select(outcome => outcome.State.Leaf(leaf))]))]);
        Tensor? own = outcomes.TrueForAll(outcome => outcome.Info.ChainGradients is null)
            ? null
            : InPlace([.. outcomes.Zip(rows, (outcome, group) => outcome.Info.ChainGradients ?? Tensor.Full(outcome.Info.GradientCount, new Shape(group.Length), component.DType))]);
        StepInfo info = new(
            own is null ? outcomes.Max(outcome => outcome.Info.GradientCount) : StepInfo.MeanGradients(own),
            Quantity(info => info.AcceptanceProbability, 1),
            Quantity(info => info.Accepted, 1),
            Quantity(info => info.EnergyError, 0),
            Quantity(info => info.Divergent, 0),
            TensorTree.Of(("component", component)),
            own);
        return new Transition<TState>(state, info);

        Tensor InPlace(Tensor[] parts) => Shaping.Join(0, parts).GatherRows(place);

        Tensor? Quantity(Func<StepInfo, Tensor?> of, double without) => outcomes.TrueForAll(outcome => of(outcome.Info) is null)
            ? null
            : InPlace([.. outcomes.Zip(rows, (outcome, group) => of(outcome.Info) ?? Tensor.Full(without, new Shape(group.Length), component.DType))]);
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
