namespace Lae.Numerics;

/// <summary>
/// One walk from a value back to the leaves. Nodes come in an order in which every user of a tensor precedes it; a gradient that
/// has been passed on goes back to the workspace at once, unless another gradient under way lies in the same memory.
/// </summary>
internal sealed class BackwardPass : GradientFlow
{
    private readonly int mark;

    private BackwardPass(int mark) => this.mark = mark;

    /// <summary>Leaves its gradient at every leaf below a value, to be taken with <see cref="GradientOf"/>.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    public static void Run(Tensor value)
    {
        if (value.Node is null)
        {
            return;
        }

        BackwardPass pass = new(value.Workspace.Mark());
        Set(value.Node, Tensor.Ones(value.Shape, value.DType, value.Workspace));
        foreach (GradientNode node in pass.Order(value.Node))
        {
            if (node.Inputs.Length > 0 && node.Gradient is { } gradient)
            {
                node.Backward(gradient, pass);
                node.Gradient = null;
                pass.Drop(gradient);
            }
        }
    }

    public override void Add(Tensor tensor, Tensor gradient)
    {
        GradientNode node = tensor.Node!;
        if (node.Gradient is not { } sum)
        {
            Set(node, gradient);
            return;
        }

        Set(node, sum + gradient);
        Drop(sum);
    }

    /// <summary>The gradient of a leaf after the walk.</summary>
    public static Tensor GradientOf(Tensor leaf)
    {
        GradientNode node = leaf.Node!;
        Tensor gradient = node.Gradient ?? Tensor.Zeros(leaf.Shape, leaf.DType, leaf.Workspace);
        node.Gradient = null;
        gradient.Buffer.PendingUses = 0;
        return gradient;
    }

    private static void Set(GradientNode node, Tensor gradient)
    {
        node.Gradient = gradient;
        gradient.Buffer.PendingUses++;
    }

    /// <summary>The nodes below a root, each after all that use it.</summary>
    private List<GradientNode> Order(GradientNode root)
    {
        List<GradientNode> finished = [];
        Stack<(GradientNode Node, int Child)> path = new();
        root.VisitedBy = this;
        path.Push((root, 0));
        while (path.TryPop(out (GradientNode Node, int Child) top))
        {
            if (top.Child == top.Node.Inputs.Length)
            {
                finished.Add(top.Node);
                continue;
            }

            path.Push((top.Node, top.Child + 1));
            GradientNode next = top.Node.Inputs[top.Child];
            if (!ReferenceEquals(next.VisitedBy, this))
            {
                next.VisitedBy = this;
                path.Push((next, 0));
            }
        }

        finished.Reverse();
        return finished;
    }

    private void Drop(Tensor gradient)
    {
        if (--gradient.Buffer.PendingUses == 0 && gradient.Workspace.IsPooled)
        {
            gradient.Workspace.Release(mark, gradient.Buffer);
        }
    }
}
