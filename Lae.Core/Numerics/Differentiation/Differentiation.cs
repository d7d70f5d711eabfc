namespace Lae.Numerics;

/// <summary>A value and its gradient.</summary>
/// <param name="Value">What the function returned.</param>
/// <param name="Gradient">The gradient of the sum of the value's elements, in the shape of the argument.</param>
public sealed record ValueAndGradient(Tensor Value, Tensor Gradient);

/// <summary>A value and its gradient in a tree of tensors.</summary>
/// <param name="Value">What the function returned.</param>
/// <param name="Gradient">The gradient of the sum of the value's elements, with the names and shapes of the argument.</param>
public sealed record ValueAndTreeGradient(Tensor Value, TensorTree Gradient);

/// <summary>
/// Reverse-mode differentiation as a function: a pure function of tensors goes in, its value and gradient come out. A value with many
/// elements is seeded with ones, so a log density [chains] of positions [chains, dimension] gives every chain its own
/// gradient. Only first derivatives: value and gradient come back untracked, so inside a function that is being differentiated they are constants.
/// </summary>
public static class Differentiation
{
    /// <summary>Value and gradient of a function of one tensor.</summary>
    /// <param name="function">A pure function made of Lae's operations.</param>
    /// <param name="x">Where to evaluate it.</param>
    /// <returns>The value and, in the shape of x, the gradient of its sum; zeros if the value does not depend on x.</returns>
    public static ValueAndGradient ValueAndGradient(Func<Tensor, Tensor> function, Tensor x)
    {
        (Tensor value, Tensor gradient) = Pair(function, x);
        return new ValueAndGradient(value, gradient);
    }

    /// <summary>The same without an object for the two, for what is done in every transition.</summary>
    internal static (Tensor Value, Tensor Gradient) Pair(Func<Tensor, Tensor> function, Tensor x)
    {
        int mark = x.Workspace.Mark();
        Tensor leaf = x.Leaf();
        Tensor value = function(leaf);
        BackwardPass.Run(value, leaf);
        Tensor gradient = BackwardPass.GradientOf(leaf);
        Tensor result = value.Untracked;
        x.Workspace.Collect(mark, result, gradient);
        return (result, gradient);
    }

    /// <summary>Value and gradient of a function of a named tree of tensors.</summary>
    /// <param name="function">A pure function made of Lae's operations.</param>
    /// <param name="x">Where to evaluate it.</param>
    /// <returns>The value and the gradient of its sum in every leaf; zeros where the value does not depend on a leaf.</returns>
    public static ValueAndTreeGradient ValueAndGradient(Func<TensorTree, Tensor> function, TensorTree x) =>
        ValueAndGradient(leaves => (function(leaves), 0), static _ => [], x).Found;

    /// <summary>Value and gradient of a function that returns more than its value.</summary>
    /// <typeparam name="TRest">What else it returns.</typeparam>
    /// <param name="function">A pure function made of Lae's operations: its value, and the rest, which is handed through.</param>
    /// <param name="tensorsOf">The tensors of the rest: they stay valid. They are best untracked, as nothing can be differentiated through them later.</param>
    /// <param name="x">Where to evaluate it.</param>
    /// <returns>The value and the gradient of its sum in every leaf, and the rest.</returns>
    public static (ValueAndTreeGradient Found, TRest Beside) ValueAndGradient<TRest>(
        Func<TensorTree, (Tensor Value, TRest Beside)> function, Func<TRest, IEnumerable<Tensor>> tensorsOf, TensorTree x) => ValueAndGradient(function, tensorsOf, x, null);

    /// <summary>The same, where each leaf of the gradient is replaced with what is made of it, as soon as it is whole.</summary>
    /// <typeparam name="TRest">What else the function returns.</typeparam>
    /// <param name="function">As above.</param>
    /// <param name="tensorsOf">As above.</param>
    /// <param name="x">Where to evaluate it.</param>
    /// <param name="descent">What is made of the gradient of each leaf of x, in the order of its <see cref="TensorTree.LeafSpan"/>; null: nothing.</param>
    /// <returns>The value, what was made of the gradients, and the rest.</returns>
    internal static (ValueAndTreeGradient Found, TRest Beside) ValueAndGradient<TRest>(
        Func<TensorTree, (Tensor Value, TRest Beside)> function, Func<TRest, IEnumerable<Tensor>> tensorsOf, TensorTree x, ILeafDescent? descent)
    {
        Workspace workspace = Workspace.Default;
        foreach (Tensor leaf in x.LeafSpan)
        {
            workspace = Workspace.Of(workspace, leaf.Workspace);
        }

        int mark = workspace.Mark();
        long begun = BackwardPass.Begun;
        TensorTree leaves = x.Map(static leaf => leaf.Leaf());
        (Tensor value, TRest rest) = function(leaves);
        BackwardPass.Run(value, descent, leaves.LeafSpan);
        TensorTree gradient = descent is null ? leaves.Map(BackwardPass.GradientOf) : Descended(leaves, descent);
        Tensor result = value.Untracked;
        Workspace.Collection collection = workspace.Collecting(mark).Keep(result).Keep(gradient.LeafSpan);
        foreach (Tensor tensor in tensorsOf(rest))
        {
            collection.Keep(tensor);
        }

        collection.Finish();
        for (int i = 0; descent is null && i < gradient.Count; i++)
        {
            gradient.LeafSpan[i].RememberIfSole(begun);
        }

        return (new ValueAndTreeGradient(result, gradient), rest);
    }

    private static TensorTree Descended(TensorTree leaves, ILeafDescent descent)
    {
        int place = 0;
        return leaves.Map(leaf =>
        {
            (bool isFinished, Tensor made) = (leaf.Node!.IsFinished, BackwardPass.GradientOf(leaf));
            int own = place++;
            return isFinished ? made : descent.Descend(own, made, isOwn: false);
        });
    }
}
