using System.Runtime.CompilerServices;
using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Carries a gradient back to the tracked arguments of an operation.</summary>
/// <typeparam name="TContext">What the operation knew.</typeparam>
/// <param name="context">The arguments, and whatever else the rule needs. A rule takes it as an argument, so that it need not be a closure made anew for every result.</param>
/// <param name="gradient">The gradient of the result.</param>
/// <param name="flow">Takes the gradients of the arguments.</param>
internal delegate void GradientRule<in TContext>(TContext context, Tensor gradient, GradientFlow flow);

/// <summary>
/// How a tracked tensor came about: the tensors it was made from and the rule that carries a gradient back to them. The node sits on
/// the tensor, there is no tape; a result has a node only if an argument has one. Its object is used again with that of its tensor (<see cref="Workspace.Reused"/>).
/// </summary>
internal abstract class GradientNode
{
    /// <summary>So many tracked arguments lie in the node itself, which is enough for most operations.</summary>
    private const int Near = 2;

    private NodePair near;
    private GradientNode?[]? others;

    /// <summary>The number of tracked arguments.</summary>
    public int InputCount { get; private set; }

    /// <summary>The gradient collected so far in the pass under way.</summary>
    public Tensor? Gradient { get; set; }

    /// <summary>The number of the pass that last visited the node.</summary>
    public long VisitedBy { get; set; }

    /// <summary>The number of the last pass to which the node belongs: it is a leaf asked for, or leads to one.</summary>
    public long NeededBy { get; set; }

    /// <summary>Whether a recording has its gradient: a later pass needs none of it.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether its rule multiplies with <see cref="GradientFlow.Factor"/> itself.</summary>
    public bool TakesFactor { get; set; }

    /// <summary>How often nodes of the pass under way that it has not come to yet use this one.</summary>
    public int UsesAhead { get; set; }

    /// <summary>By how many uses the gradient that a recording left came about.</summary>
    public int RecordedUses { get; set; }

    /// <summary>Its place among the leaves that the pass under way was asked for.</summary>
    public int Place { get; set; }

    /// <summary>Whether what the pass under way makes of the gradient of a leaf was made.</summary>
    public bool IsFinished { get; set; }

    /// <summary>The node of a tracked argument.</summary>
    /// <param name="index">In [0, InputCount).</param>
    public GradientNode Input(int index) => (InputCount <= Near ? near[index] : others![index])!;

    /// <summary>Adds to the gradients of the tracked arguments.</summary>
    public abstract void Backward(Tensor gradient, GradientFlow flow);

    /// <summary>Goes back to the workspace, for the node of another tensor.</summary>
    public abstract void Return(Workspace workspace);

    protected void TakeInputs(ReadOnlySpan<Tensor> inputs)
    {
        int tracked = 0;
        foreach (Tensor input in inputs)
        {
            tracked += input.Node is null ? 0 : 1;
        }

        if (tracked > Near && (others is null || others.Length < tracked))
        {
            others = new GradientNode[tracked];
        }

        Span<GradientNode?> nodes = tracked > Near ? others : near;
        InputCount = 0;
        foreach (Tensor input in inputs)
        {
            if (input.Node is { } node)
            {
                nodes[InputCount++] = node;
            }
        }
    }

    protected void Clear()
    {
        near = default;
        others?.AsSpan().Clear();
        InputCount = 0;
        Gradient = null;
        IsKnown = false;
        IsFinished = false;
        TakesFactor = false;
        RecordedUses = 0;
    }

    [InlineArray(Near)]
    private struct NodePair
    {
        private GradientNode? first;
    }
}

/// <summary>A node of an operation.</summary>
/// <typeparam name="TContext">What its rule needs.</typeparam>
internal sealed class GradientNode<TContext> : GradientNode
{
    private TContext? context;
    private GradientRule<TContext>? rule;

    private GradientNode()
    {
    }

    /// <summary>A node in a workspace.</summary>
    /// <param name="workspace">Where the tensor lives.</param>
    /// <param name="context">What the rule needs.</param>
    /// <param name="rule">Takes the gradient of the result and adds to the gradients of the tracked inputs; null for a leaf, a tensor whose gradient was asked for.</param>
    /// <param name="inputs">The arguments, tracked or not.</param>
    public static GradientNode<TContext> Of(Workspace workspace, TContext context, GradientRule<TContext>? rule, params ReadOnlySpan<Tensor> inputs)
    {
        GradientNode<TContext> node = workspace.ReusedNode<TContext>() ?? new();
        node.context = context;
        node.rule = rule;
        node.TakeInputs(inputs);
        return node;
    }

    public override void Backward(Tensor gradient, GradientFlow flow) => rule?.Invoke(context!, gradient, flow);

    public override void Return(Workspace workspace)
    {
        context = default;
        Clear();
        workspace.Return(this);
    }
}

/// <summary>The gradients under way in one backward pass.</summary>
internal abstract class GradientFlow
{
    /// <summary>Whether an operation on a tensor is to be recorded.</summary>
    public static bool Wants(Tensor tensor) => tensor.Node is not null;

    /// <summary>What the gradient that a rule is given is still to be multiplied with: 1 for rules that did not ask for it.</summary>
    public abstract double Factor { get; }

    /// <summary>
    /// Whether the pass under way needs the gradient of a tensor: rules compute nothing that nobody asked for. A tensor that is
    /// tracked for the sake of an enclosing gradient is not needed.
    /// </summary>
    public abstract bool Needs(Tensor tensor);

    /// <summary>The gradient that a recording left at a tensor with a single use, which is what that use made of it, without the factor; null where there is none.</summary>
    public abstract Tensor? Known(Tensor tensor);

    /// <summary>Adds to the gradient of a tensor, if it is needed.</summary>
    public abstract void Add(Tensor tensor, Tensor gradient);

    /// <summary>Adds a matrix product to the gradient of a tensor, if it is needed: within the product where a gradient is there that nothing else looks at.</summary>
    public abstract void AddProduct(Tensor tensor, MatrixProductPlan plan, Tensor a, Tensor b);

    /// <summary>The same as <see cref="Add"/>, from a rule that will add nothing more to it.</summary>
    public abstract void AddLast(Tensor tensor, Tensor gradient);

    /// <summary>Moves the gradient that a leaf of this pass has so far to a leaf of a pass within a rule, which goes on adding to it.</summary>
    public abstract void Lend(Tensor tensor, Tensor leaf);
}
