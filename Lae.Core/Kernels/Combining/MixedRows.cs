using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The outcome of a mixture while it is put together from those of groups of rows, each row in its place.</summary>
/// <typeparam name="TState">The state type.</typeparam>
internal ref struct MixedRows<TState>
    where TState : class, IKernelState<TState>
{
    private static readonly ImmutableArray<string> ExtraNames = ["component"];

    private readonly RowGroups groups;
    private readonly Tensor component;
    private readonly Tensor[] leaves;
    private readonly StepInfo?[] infos;
    private TState state;
    private bool isPlaced;

    /// <param name="groups">The rows of each kernel.</param>
    /// <param name="state">Where the chains are.</param>
    /// <param name="kernels">How many kernels there are.</param>
    public MixedRows(RowGroups groups, TState state, int kernels)
    {
        this.groups = groups;
        this.state = state;
        component = Tensor.Uninitialized(state.Position.Workspace, new Shape(groups.Count), state.Position.DType);
        leaves = new Tensor[state.Layout.Count];
        infos = new StepInfo?[kernels];
    }

    /// <summary>Takes the outcome of the kernel that moved all rows.</summary>
    public void Take(int kernel, Transition<TState> outcome)
    {
        Raw.FillRows(component, groups.Rows(kernel), kernel);
        (state, infos[kernel]) = outcome;
    }

    /// <summary>Puts the outcome of a kernel that moved its rows alone where they belong.</summary>
    public void Place(int kernel, Transition<TState> outcome)
    {
        ReadOnlySpan<int> rows = groups.Rows(kernel);
        Raw.FillRows(component, rows, kernel);
        for (int i = 0; i < leaves.Length; i++)
        {
            Tensor leaf = outcome.State.Leaf(i);
            leaves[i] ??= Tensor.Uninitialized(component.Workspace, leaf.Shape.With(0, groups.Count), leaf.DType);
            Raw.PlaceRows(leaf, 0, rows, leaves[i]);
        }

        state = isPlaced ? state : outcome.State;
        infos[kernel] = outcome.Info;
        isPlaced = true;
    }

    /// <summary>All rows, and what happened to each.</summary>
    public readonly Transition<TState> Together()
    {
        int gradients = 0;
        bool differ = false;
        foreach (StepInfo? info in infos)
        {
            gradients = Math.Max(gradients, info?.GradientCount ?? 0);
            differ |= info?.ChainGradients is not null;
        }

        Tensor? own = differ ? Figure(static info => info.ChainGradients, static info => info.GradientCount) : null;
        StepInfo together = new(
            own is null ? gradients : StepInfo.MeanGradients(own),
            Figure(static info => info.AcceptanceProbability, static _ => 1),
            Figure(static info => info.Accepted, static _ => 1),
            Figure(static info => info.EnergyError, static _ => 0),
            Figure(static info => info.Divergent, static _ => 0),
            TensorTree.Of(ExtraNames, [component]),
            own);
        return new Transition<TState>(isPlaced ? state.WithLeaves((ReadOnlySpan<Tensor>)leaves) : state, together);
    }

    /// <summary>A figure of all rows; of rows whose kernel has none, the value that it stands for; null if no kernel has it.</summary>
    private readonly Tensor? Figure(Func<StepInfo, Tensor?> of, Func<StepInfo, double> without)
    {
        Tensor? whole = null;
        foreach (StepInfo? info in infos)
        {
            whole ??= info is not null && of(info) is { } figure ? Tensor.Uninitialized(component.Workspace, component.Shape, figure.DType) : null;
        }

        for (int kernel = 0; whole is not null && kernel < infos.Length; kernel++)
        {
            if (infos[kernel] is { } info)
            {
                if (of(info) is { } figure)
                {
                    Raw.PlaceRows(figure, 0, groups.Rows(kernel), whole);
                }
                else
                {
                    Raw.FillRows(whole, groups.Rows(kernel), without(info));
                }
            }
        }

        return whole;
    }
}
