namespace Lae.Numerics;

/// <summary>
/// One walk from a value back to the leaves. Nodes come in an order in which every user of a tensor precedes it; a gradient that
/// has been passed on goes back to the workspace at once, unless another gradient under way lies in the same memory.
/// </summary>
internal sealed class BackwardPass : GradientFlow
{
    private readonly int mark;
    private readonly bool isRecording;

    private BackwardPass(int mark, bool isRecording = false)
    {
        this.mark = mark;
        this.isRecording = isRecording;
    }

    /// <summary>Leaves its gradient at every leaf asked for, to be taken with <see cref="GradientOf"/>.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    /// <param name="leaves">The leaves whose gradients are asked for; tracked tensors that lead to none of them are left alone.</param>
    public static void Run(Tensor value, params ReadOnlySpan<Tensor> leaves)
    {
        if (value.Node is not null)
        {
            new BackwardPass(value.Workspace.Mark()).Walk(value, leaves);
        }
    }

    /// <summary>Walks to one leaf, and leaves at every node on the way the gradient that it had there, from which <see cref="Continue"/> goes on to others.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    /// <param name="leaf">The leaf whose gradient is asked for now.</param>
    public static void Record(Tensor value, Tensor leaf)
    {
        if (value.Node is not null)
        {
            new BackwardPass(value.Workspace.Mark(), isRecording: true).Walk(value, leaf);
        }
    }

    /// <summary>Goes on from what <see cref="Record"/> left, once: rules are asked for nothing that is known, so that a layer costs the gradient of its parameters alone.</summary>
    /// <param name="value">What was recorded.</param>
    /// <param name="scale">The gradient of the value, instead of 1.</param>
    /// <param name="leaves">The leaves whose gradients are asked for, none of them the one that was recorded.</param>
    public static void Continue(Tensor value, double scale, params ReadOnlySpan<Tensor> leaves)
    {
        if (value.Node is null)
        {
            return;
        }

        BackwardPass pass = new(value.Workspace.Mark());
        foreach (GradientNode node in pass.Order(value, leaves))
        {
            if (node.Inputs.Length == 0 || node.Gradient is not { } gradient)
            {
                continue;
            }

            if (!node.IsKnown)
            {
                node.Backward(gradient, pass);
                node.Gradient = null;
                pass.Drop(gradient);
            }
            else if (node.Inputs.Any(input => !input.IsKnown && ReferenceEquals(input.NeededBy, pass)))
            {
                node.Backward(Raw.ScaleShift(scale, 0, gradient), pass);
            }
        }
    }

    public override bool Needs(Tensor tensor) => tensor.Node is { } node && ReferenceEquals(node.NeededBy, this) && (isRecording || !node.IsKnown);

    public override void Add(Tensor tensor, Tensor gradient)
    {
        if (!Needs(tensor))
        {
            return;
        }

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

    private void Walk(Tensor value, params ReadOnlySpan<Tensor> leaves)
    {
        List<GradientNode> order = Order(value, leaves);
        if (order.Count == 0)
        {
            return;
        }

        Set(value.Node!, Tensor.Ones(value.Shape, value.DType, value.Workspace));
        foreach (GradientNode node in order)
        {
            node.IsKnown |= isRecording;
            if (node.Inputs.Length > 0 && node.Gradient is { } gradient)
            {
                node.Backward(gradient, this);
                if (!isRecording)
                {
                    node.Gradient = null;
                    Drop(gradient);
                }
            }
        }
    }

    /// <summary>The nodes on the ways from a value to the leaves asked for, each after all that use it.</summary>
    private List<GradientNode> Order(Tensor value, params ReadOnlySpan<Tensor> leaves)
    {
        foreach (Tensor leaf in leaves)
        {
            leaf.Node!.NeededBy = this;
        }

        GradientNode root = value.Node!;
        List<GradientNode> finished = [];
        Stack<(GradientNode Node, int Child)> path = new();
        root.VisitedBy = this;
        path.Push((root, 0));
        while (path.TryPop(out (GradientNode Node, int Child) top))
        {
            if (top.Child == top.Node.Inputs.Length)
            {
                if (Reaches(top.Node))
                {
                    top.Node.NeededBy = this;
                    finished.Add(top.Node);
                }

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

    private bool Reaches(GradientNode node)
    {
        bool reaches = ReferenceEquals(node.NeededBy, this);
        foreach (GradientNode input in node.Inputs)
        {
            reaches |= ReferenceEquals(input.NeededBy, this);
        }

        return reaches;
    }

    private void Drop(Tensor gradient)
    {
        if (--gradient.Buffer.PendingUses == 0 && gradient.Workspace.IsPooled)
        {
            gradient.Workspace.Release(mark, gradient.Buffer);
        }
    }
}
