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
    private readonly List<int> ends = [];
    private readonly Stack<(GradientNode Node, int Child)> path = new();
    private ILeafDescent? descent;
    private int mark;
    private long number;
    private long since;
    private bool isRecording;
    private double factor = 1;

    /// <summary>The number of the last pass that began: memory that is handed out remembers it, and so whether it was there before a pass.</summary>
    public static long Begun => Volatile.Read(ref passes);

    /// <summary>Leaves its gradient at every leaf asked for, to be taken with <see cref="GradientOf"/>.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    /// <param name="leaves">The leaves whose gradients are asked for; tracked tensors that lead to none of them are left alone.</param>
    public static void Run(Tensor value, params ReadOnlySpan<Tensor> leaves) => Run(value, null, leaves);

    /// <summary>The same, and makes of the gradient of a leaf what is asked for as soon as it is whole, while it lies in the caches.</summary>
    /// <param name="value">The value; its gradient is ones.</param>
    /// <param name="descent">What is made of the gradients of leaves.</param>
    /// <param name="leaves">The leaves whose gradients are asked for, as the descent numbers them; one that the value does not depend on has none, and nothing is made of it.</param>
    public static void Run(Tensor value, ILeafDescent? descent, params ReadOnlySpan<Tensor> leaves)
    {
        if (value.Node is null)
        {
            return;
        }

        // a pass within a rule of another has an object of its own; what one left behind is used again
        BackwardPass pass = value.Workspace.RentPass();
        pass.isRecording = false;
        pass.descent = descent;
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

    /// <summary>Goes on from what <see cref="Record"/> left: rules are asked for nothing that is known, so that a layer costs the gradient of its parameters alone. All values are gone on from side by side, from
    /// their ends to their beginnings, so that the gradient of a leaf that all of them use is whole, and handed on, while it still lies in the caches.</summary>
    /// <param name="values">What was recorded.</param>
    /// <param name="scales">The gradient of each value, instead of 1.</param>
    /// <param name="within">The pass that asks for it: gradients that it lent belong to both.</param>
    /// <param name="leaves">The leaves whose gradients are asked for, none of them one that was recorded.</param>
    /// <param name="to">The tensors of that pass to whose gradients those of the leaves are added.</param>
    public static void Continue(ReadOnlySpan<Tensor> values, ReadOnlySpan<double> scales, GradientFlow within, ReadOnlySpan<Tensor> leaves, ReadOnlySpan<Tensor> to)
    {
        BackwardPass pass = values[0].Workspace.RentPass();
        pass.isRecording = false;
        pass.GoOn(values, scales, (BackwardPass)within, leaves, to);
        pass.Return(values[0].Workspace);
    }

    public override double Factor => factor;

    public override Tensor? Known(Tensor tensor) => !isRecording && tensor.Node is { IsKnown: true, RecordedUses: 1 } node ? node.Gradient : null;

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

    public override void AddLast(Tensor tensor, Tensor gradient)
    {
        Add(tensor, gradient);
        if (Needs(tensor) && tensor.Node is { InputCount: 0, UsesAhead: 1 } leaf)
        {
            Finish(leaf);
        }
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
        Order(leaves, value);
        GradientNode root = value.Node!;
        if (root.NeededBy != number)
        {
            return;
        }

        Set(root, Tensor.Ones(value.Shape, value.DType, value.Workspace));
        if (root.InputCount == 0)
        {
            Finish(root);
        }

        for (int i = finished.Count - 1; i >= 0; i--)
        {
            GradientNode node = finished[i];
            node.IsKnown |= isRecording;
            if (node.Gradient is { } gradient)
            {
                node.Backward(gradient, this);
                if (!isRecording)
                {
                    node.Gradient = null;
                    Drop(gradient);
                }
            }

            for (int j = 0; j < node.InputCount; j++)
            {
                if (IsWhole(node, j))
                {
                    Finish(node.Input(j));
                }
            }
        }
    }

    private void GoOn(ReadOnlySpan<Tensor> values, ReadOnlySpan<double> scales, BackwardPass within, ReadOnlySpan<Tensor> leaves, ReadOnlySpan<Tensor> to)
    {
        Order(leaves, values);
        mark = within.mark;
        since = within.since;
        for (int back = 1; back <= finished.Count; back++)
        {
            // from the last value to the first, as the pass within which this is would come to them
            for (int which = values.Length - 1; which >= 0; which--)
            {
                int place = ends[which] - back;
                if (place < (which == 0 ? 0 : ends[which - 1]))
                {
                    continue;
                }

                GradientNode node = finished[place];
                GoOn(node, scales[which]);
                for (int j = 0; j < node.InputCount; j++)
                {
                    if (IsWhole(node, j))
                    {
                        int leaf = node.Input(j).Place;
                        HandOn(leaves[leaf], within, to[leaf]);
                    }
                }
            }
        }

        // what was lent to one that nothing has used
        for (int i = 0; i < leaves.Length; i++)
        {
            HandOn(leaves[i], within, to[i]);
        }
    }

    private static void HandOn(Tensor leaf, BackwardPass within, Tensor to)
    {
        if (leaf.Node!.Gradient is { } gradient)
        {
            // others may still have the same memory: this leaf alone lets go of it
            leaf.Node.Gradient = null;
            gradient.Buffer.PendingUses--;
            within.AddLast(to, gradient);
        }
    }

    private void GoOn(GradientNode node, double scale)
    {
        if (node.Gradient is not { } gradient)
        {
            return;
        }

        if (!node.IsKnown)
        {
            node.Backward(gradient, this);
            node.Gradient = null;
            Drop(gradient);
        }
        else if (HasUnknownInput(node))
        {
            factor = node.TakesFactor ? scale : 1;
            node.Backward(node.TakesFactor ? gradient : Raw.ScaleShift(scale, 0, gradient), this);
            factor = 1;
        }
    }

    /// <summary>Counts a use of an argument by a node that the pass has been at: whether it was the last of a leaf that was asked for.</summary>
    private bool IsWhole(GradientNode node, int input)
    {
        GradientNode argument = node.Input(input);
        return --argument.UsesAhead == 0 && argument.InputCount == 0 && argument.NeededBy == number;
    }

    /// <summary>Makes of the gradient of a leaf what was asked for.</summary>
    private void Finish(GradientNode leaf)
    {
        if (descent is null || leaf.IsFinished || leaf.Gradient is not { } gradient)
        {
            return;
        }

        leaf.IsFinished = true;
        bool isOwn = IsOwn(gradient);
        Tensor made = descent.Descend(leaf.Place, gradient, isOwn);
        leaf.Gradient = made;
        if (!ReferenceEquals(made.Buffer, gradient.Buffer))
        {
            made.Buffer.PendingUses++;
            Drop(gradient);
        }
    }

    private void Return(Workspace workspace)
    {
        finished.Clear();
        ends.Clear();
        descent = null;
        workspace.Return(this);
    }

    /// <summary>Finds the nodes on the ways from values to the leaves asked for, without these, each before all that use it, one value after the other.</summary>
    private void Order(ReadOnlySpan<Tensor> leaves, params ReadOnlySpan<Tensor> values)
    {
        mark = values[0].Workspace.Mark();
        number = Interlocked.Increment(ref passes);
        since = number;
        for (int i = 0; i < leaves.Length; i++)
        {
            GradientNode leaf = leaves[i].Node!;
            leaf.NeededBy = number;
            leaf.Place = i;
            leaf.IsFinished = false;
        }

        foreach (Tensor value in values)
        {
            if (value.Node is { } root && root.VisitedBy != number)
            {
                OrderFrom(root);
            }

            ends.Add(finished.Count);
        }
    }

    private void OrderFrom(GradientNode root)
    {
        Visit(root);
        while (path.TryPop(out (GradientNode Node, int Child) top))
        {
            if (top.Child == top.Node.InputCount)
            {
                if (top.Node.InputCount > 0 && Reaches(top.Node))
                {
                    top.Node.NeededBy = number;
                    finished.Add(top.Node);
                    for (int i = 0; i < top.Node.InputCount; i++)
                    {
                        GradientNode input = top.Node.Input(i);
                        input.UsesAhead++;
                        input.RecordedUses += isRecording ? 1 : 0;
                    }
                }

                continue;
            }

            path.Push((top.Node, top.Child + 1));
            GradientNode next = top.Node.Input(top.Child);
            if (next.VisitedBy != number)
            {
                Visit(next);
            }
        }
    }

    private void Visit(GradientNode node)
    {
        node.VisitedBy = number;
        node.UsesAhead = 0;
        node.RecordedUses = isRecording ? 0 : node.RecordedUses;
        path.Push((node, 0));
    }

    private bool Reaches(GradientNode node)
    {
        bool reaches = false;
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
