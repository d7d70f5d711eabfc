using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>
/// One walk from a value back to the leaves. Nodes come in an order in which every user of a tensor precedes it; a gradient that
/// has been passed on goes back to the workspace at once, unless another gradient under way lies in the same memory.
/// </summary>
internal sealed class BackwardPass : GradientFlow
{
    private static long passes;

    private readonly List<GradientNode> finished = [];
    private readonly Stack<(GradientNode Node, int Child)> path = new();
    private int mark;
    private long number;
    private long since;
    private bool isRecording;

    /// <summary>The number of the last pass that began: memory that is handed out remembers it, and so whether it was there before a pass.</summary>
    public static long Begun => Volatile.Read(ref passes);

    /// <summary>Leaves its gradient at every leaf asked for, to be taken with <see cref="GradientOf"/>.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    /// <param name="leaves">The leaves whose gradients are asked for; tracked tensors that lead to none of them are left alone.</param>
    public static void Run(Tensor value, params ReadOnlySpan<Tensor> leaves)
    {
        if (value.Node is null)
        {
            return;
        }

        // a pass within a rule of another has an object of its own; what one left behind is used again
        BackwardPass pass = value.Workspace.RentPass();
        pass.isRecording = false;
        pass.Walk(value, leaves);
        pass.Return(value.Workspace);
    }

    /// <summary>Walks to one leaf, and leaves at every node on the way the gradient that it had there, from which <see cref="Continue"/> goes on to others.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    /// <param name="leaf">The leaf whose gradient is asked for.</param>
    public static void Record(Tensor value, Tensor leaf)
    {
        if (value.Node is null)
        {
            return;
        }

        BackwardPass pass = value.Workspace.RentPass();
        pass.isRecording = true;
        pass.Walk(value, leaf);
        pass.Return(value.Workspace);
    }

    /// <summary>Goes on from what <see cref="Record"/> left: rules are asked for nothing that is known, so that a layer costs the gradient of its parameters alone.</summary>
    /// <param name="value">What was recorded.</param>
    /// <param name="scale">The gradient of the value, instead of 1.</param>
    /// <param name="within">The pass that asks for it: gradients that it lent belong to both.</param>
    /// <param name="leaves">The leaves whose gradients are asked for, none of them the one that was recorded.</param>
    public static void Continue(Tensor value, double scale, GradientFlow within, params ReadOnlySpan<Tensor> leaves)
    {
        if (value.Node is null)
        {
            return;
        }

        BackwardPass pass = value.Workspace.RentPass();
        pass.isRecording = false;
        pass.GoOn(value, scale, (BackwardPass)within, leaves);
        pass.Return(value.Workspace);
    }

    public override bool Needs(Tensor tensor) => tensor.Node is { } node && node.NeededBy == number && (isRecording || !node.IsKnown);

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

    public override void AddProduct(Tensor tensor, MatrixProductPlan plan, Tensor a, Tensor b)
    {
        if (!Needs(tensor))
        {
            return;
        }

        if (tensor.Node!.Gradient is { } sum && IsOwn(sum))
        {
            Raw.AddMatrixProduct(plan, a, b, sum);
            return;
        }

        Add(tensor, Raw.MatrixProduct(plan, a, b));
    }

    public override void Lend(Tensor tensor, Tensor leaf)
    {
        if (Needs(tensor) && tensor.Node!.Gradient is { } sum)
        {
            tensor.Node.Gradient = null;
            leaf.Node!.Gradient = sum;
        }
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
        Order(value, leaves);
        if (finished.Count == 0)
        {
            return;
        }

        Set(value.Node!, Tensor.Ones(value.Shape, value.DType, value.Workspace));
        for (int i = finished.Count - 1; i >= 0; i--)
        {
            GradientNode node = finished[i];
            node.IsKnown |= isRecording;
            if (node.InputCount > 0 && node.Gradient is { } gradient)
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

    private void GoOn(Tensor value, double scale, BackwardPass within, ReadOnlySpan<Tensor> leaves)
    {
        Order(value, leaves);
        mark = within.mark;
        since = within.since;
        for (int i = finished.Count - 1; i >= 0; i--)
        {
            GradientNode node = finished[i];
            if (node.InputCount == 0 || node.Gradient is not { } gradient)
            {
                continue;
            }

            if (!node.IsKnown)
            {
                node.Backward(gradient, this);
                node.Gradient = null;
                Drop(gradient);
            }
            else if (HasUnknownInput(node))
            {
                node.Backward(Raw.ScaleShift(scale, 0, gradient), this);
            }
        }
    }

    private void Return(Workspace workspace)
    {
        finished.Clear();
        workspace.Return(this);
    }

    /// <summary>Finds the nodes on the ways from a value to the leaves asked for, each before all that use it.</summary>
    private void Order(Tensor value, ReadOnlySpan<Tensor> leaves)
    {
        mark = value.Workspace.Mark();
        number = Interlocked.Increment(ref passes);
        since = number;
        foreach (Tensor leaf in leaves)
        {
            leaf.Node!.NeededBy = number;
        }

        GradientNode root = value.Node!;
        root.VisitedBy = number;
        path.Push((root, 0));
        while (path.TryPop(out (GradientNode Node, int Child) top))
        {
            if (top.Child == top.Node.InputCount)
            {
                if (Reaches(top.Node))
                {
                    top.Node.NeededBy = number;
                    finished.Add(top.Node);
                }

                continue;
            }

            path.Push((top.Node, top.Child + 1));
            GradientNode next = top.Node.Input(top.Child);
            if (next.VisitedBy != number)
            {
                next.VisitedBy = number;
                path.Push((next, 0));
            }
        }
    }

    private bool Reaches(GradientNode node)
    {
        bool reaches = node.NeededBy == number;
        for (int i = 0; i < node.InputCount; i++)
        {
            reaches |= node.Input(i).NeededBy == number;
        }

        return reaches;
    }

    private bool HasUnknownInput(GradientNode node)
    {
        bool has = false;
        for (int i = 0; i < node.InputCount; i++)
        {
            has |= !node.Input(i).IsKnown && node.Input(i).NeededBy == number;
        }

        return has;
    }

    /// <summary>Whether a gradient was made in this pass and is held by one node alone, so that it can be written over.</summary>
    private bool IsOwn(Tensor gradient) => gradient.Buffer.PendingUses == 1 && gradient.Buffer.HandedOut >= since;

    private void Drop(Tensor gradient)
    {
        if (--gradient.Buffer.PendingUses == 0 && gradient.Workspace.IsPooled)
        {
            gradient.Workspace.Release(mark, gradient.Buffer);
        }
    }
}
