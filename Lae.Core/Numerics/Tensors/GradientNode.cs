namespace Lae.Numerics;

/// <summary>
/// How a tracked tensor came about: the tensors it was made from and the rule that carries a gradient back to them. The node sits on
/// the tensor, there is no tape; a result has a node only if an argument has one.
/// </summary>
internal sealed class GradientNode
{
    private readonly Action<Tensor, GradientFlow>? rule;

    /// <summary>A leaf: a tensor whose gradient was asked for.</summary>
    public GradientNode() => Inputs = [];

    /// <param name="rule">Takes the gradient of the result and adds to the gradients of the tracked inputs.</param>
    /// <param name="inputs">The arguments, tracked or not.</param>
    public GradientNode(Action<Tensor, GradientFlow> rule, params ReadOnlySpan<Tensor> inputs)
    {
        this.rule = rule;
        int tracked = 0;
        foreach (Tensor input in inputs)
        {
            tracked += input.Node is null ? 0 : 1;
        }

        Inputs = new GradientNode[tracked];
        tracked = 0;
        foreach (Tensor input in inputs)
        {
            if (input.Node is { } node)
            {
                Inputs[tracked++] = node;
            }
        }
    }

    /// <summary>The nodes of the tracked arguments.</summary>
    public GradientNode[] Inputs { get; }

    /// <summary>The gradient collected so far in the pass under way.</summary>
    public Tensor? Gradient { get; set; }

    /// <summary>The pass that last visited the node.</summary>
    public object? VisitedBy { get; set; }

    /// <summary>The last pass to which the node belongs: it is a leaf asked for, or leads to one.</summary>
    public object? NeededBy { get; set; }

    /// <summary>Whether a recording has its gradient: a later pass needs none of it.</summary>
    public bool IsKnown { get; set; }

    public void Backward(Tensor gradient, GradientFlow flow) => rule?.Invoke(gradient, flow);
}

/// <summary>The gradients under way in one backward pass.</summary>
internal abstract class GradientFlow
{
    /// <summary>Whether an operation on a tensor is to be recorded.</summary>
    public static bool Wants(Tensor tensor) => tensor.Node is not null;

    /// <summary>
    /// Whether the pass under way needs the gradient of a tensor: rules compute nothing that nobody asked for. A tensor that is
    /// tracked for the sake of an enclosing gradient is not needed.
    /// </summary>
    public abstract bool Needs(Tensor tensor);

    /// <summary>Adds to the gradient of a tensor, if it is needed.</summary>
    public abstract void Add(Tensor tensor, Tensor gradient);
}
