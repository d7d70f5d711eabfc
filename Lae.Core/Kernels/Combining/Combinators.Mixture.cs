using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <content>One of several kernels, by chance.</content>
public static partial class Combinators
{
    private static readonly ImmutableArray<string> MixtureNoise = ["uniform"];
    private static readonly ImmutableArray<string> MixtureExtras = ["component"];

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
            source => new Noise(TensorTree.Of(MixtureNoise, [source.Uniform(0, parts[0].DType)]), DrawParts(parts, source)),
            Advance,
            parts[0].Thermalize)
        {
            IsDivisible = parts.All(part => part.IsDivisible),
        };

        Transition<TState> Advance(Noise noise, TState state)
        {
            using RowGroups groups = new(noise[0], cumulative);
            Tensor component = Tensor.Uninitialized(state.Position.Workspace, noise[0].Shape, noise[0].DType);
            List<(Transition<TState> Outcome, int Rows)> outcomes = new(parts.Length);
            for (int k = 0; k < parts.Length; k++)
            {
                ReadOnlySpan<int> mine = groups.Rows(k);
                if (mine.Length > 0)
                {
                    Raw.FillRows(component, mine, k);
                    outcomes.Add((mine.Length == groups.Count ? parts[k].Advance(noise.Parts[k], state) : OfRows(parts[k], groups, k, noise.Parts[k], state), mine.Length));
                }
            }

            return Together<TState>(groups, CollectionsMarshal.AsSpan(outcomes), component);
        }
    }

    private static Transition<TState> OfRows<TState>(Kernel<TState> kernel, RowGroups groups, int group, Noise noise, TState state)
        where TState : class, IKernelState<TState>
    {
        Func<Tensor, Tensor> rows = leaf => leaf.GatherRowsAt(groups.Rows(group));
        return kernel.Advance(noise.Map(rows), state.Map(rows));
    }

    /// <summary>The outcomes of groups of rows as one outcome, each row in its place.</summary>
    private static Transition<TState> Together<TState>(RowGroups groups, ReadOnlySpan<(Transition<TState> Outcome, int Rows)> outcomes, Tensor component)
        where TState : class, IKernelState<TState>
    {
        TState state = outcomes[0].Outcome.State;
        if (outcomes.Length > 1)
        {
            Tensor[] leaves = new Tensor[state.Layout.Count];
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                leaves[leaf] = InPlace(groups, outcomes, leaf, static (outcome, _, leaf) => outcome.State.Leaf(leaf));
            }

            state = state.WithLeaves(leaves);
        }

        int gradients = 0;
        foreach ((Transition<TState> outcome, _) in outcomes)
        {
            gradients = Math.Max(gradients, outcome.Info.GradientCount);
        }

        Tensor? own = Has(outcomes, static info => info.ChainGradients)
            ? InPlace(groups, outcomes, component, static (outcome, rows, like) => outcome.Info.ChainGradients ?? Tensor.Full(outcome.Info.GradientCount, new Shape(rows), like.DType, like.Workspace))
            : null;
        StepInfo info = new(
            own is null ? gradients : StepInfo.MeanGradients(own),
            Quantity(groups, outcomes, component, 1, static info => info.AcceptanceProbability),
            Quantity(groups, outcomes, component, 1, static info => info.Accepted),
            Quantity(groups, outcomes, component, 0, static info => info.EnergyError),
            Quantity(groups, outcomes, component, 0, static info => info.Divergent),
            TensorTree.Of(MixtureExtras, [component]),
            own);
        return new Transition<TState>(state, info);
    }

    /// <summary>A figure of all rows; of a group whose kernel has none, the value that it stands for; null if no kernel has it.</summary>
    private static Tensor? Quantity<TState>(
        RowGroups groups, ReadOnlySpan<(Transition<TState> Outcome, int Rows)> outcomes, Tensor like, double without, Func<StepInfo, Tensor?> of)
        where TState : class, IKernelState<TState> => Has(outcomes, of)
        ? InPlace(groups, outcomes, (of, without, like), static (outcome, rows, what) => what.of(outcome.Info) ?? Tensor.Full(what.without, new Shape(rows), what.like.DType, what.like.Workspace))
        : null;

    private static bool Has<TState>(ReadOnlySpan<(Transition<TState> Outcome, int Rows)> outcomes, Func<StepInfo, Tensor?> of)
        where TState : class, IKernelState<TState>
    {
        foreach ((Transition<TState> outcome, _) in outcomes)
        {
            if (of(outcome.Info) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static Tensor InPlace<TState, TArgument>(
        RowGroups groups, ReadOnlySpan<(Transition<TState> Outcome, int Rows)> outcomes, TArgument argument, Func<Transition<TState>, int, TArgument, Tensor> of)
        where TState : class, IKernelState<TState>
    {
        Tensor[] parts = new Tensor[outcomes.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = of(outcomes[i].Outcome, outcomes[i].Rows, argument);
        }

        return Shaping.Join(0, parts).GatherRowsAt(groups.Places);
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
