namespace Lae.Numerics;

/// <summary>
/// A value y = f(x, θ) with its gradient in x, which remembers how it came about: the gradient in θ can be had later, and then costs no more than itself, since y and the way back to every layer are there.
/// What it remembers lies in the workspace until that is collected.
/// </summary>
internal sealed class RecordedGradient
{
    private readonly Tensor value;
    private readonly TensorTree leaves;
    private bool isSpent;

    private RecordedGradient(Tensor value, Tensor gradient, TensorTree leaves)
    {
        this.value = value;
        this.leaves = leaves;
        Gradient = gradient;
    }

    /// <summary>y.</summary>
    public Tensor Value => value.Untracked;

    /// <summary>The gradient of the sum of y in x.</summary>
    public Tensor Gradient { get; }

    /// <summary>Evaluates a function and its gradient in x.</summary>
    /// <param name="function">A pure function of x and θ made of Lae's operations.</param>
    /// <param name="x">Where to evaluate it.</param>
    /// <param name="parameters">θ.</param>
    /// <returns>What was found.</returns>
    public static RecordedGradient Of(Func<Tensor, TensorTree, Tensor> function, Tensor x, TensorTree parameters)
    {
        Tensor leaf = x.Leaf();
        TensorTree leaves = parameters.Map(static one => one.Leaf());
        Tensor value = function(leaf, leaves);
        BackwardPass.Record(value, leaf);
        return new RecordedGradient(value, BackwardPass.GradientOf(leaf), leaves);
    }

    /// <summary>scale · Σ y as a function of x and θ that may be under differentiation; to be asked for once.</summary>
    /// <param name="scale">A factor.</param>
    /// <param name="x">x of the same bits.</param>
    /// <param name="parameters">A tree with θ of the same bits.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="InvalidOperationException">It was asked for before.</exception>
    public Tensor ScaledSum(double scale, Tensor x, TensorTree parameters)
    {
        if (isSpent)
        {
            throw new InvalidOperationException("A recorded gradient can be gone on from once.");
        }

        isSpent = true;
        Tensor y = Value.Sum() * scale;
        bool wants = GradientFlow.Wants(x);
        Tensor[] arguments = new Tensor[1 + leaves.Count];
        arguments[0] = x;
        for (int i = 1; i < arguments.Length; i++)
        {
            arguments[i] = parameters[leaves[i - 1].Key];
            wants |= GradientFlow.Wants(arguments[i]);
        }

        return wants ? y.Tracked((this, scale, arguments), Rule, arguments) : y;
    }

    private static void Rule((RecordedGradient Recorded, double Scale, Tensor[] Arguments) at, Tensor g, GradientFlow flow)
    {
        double factor = at.Scale * g.ToDouble();
        Tensor x = at.Arguments[0];
        ReadOnlySpan<Tensor> parameters = at.Arguments.AsSpan(1);
        if (flow.Needs(x))
        {
            flow.Add(x, at.Recorded.Gradient * factor);
        }

        bool needs = false;
        foreach (Tensor parameter in parameters)
        {
            needs |= flow.Needs(parameter);
        }

        if (needs)
        {
            ReadOnlySpan<Tensor> leaves = at.Recorded.leaves.LeafSpan;
            for (int i = 0; i < leaves.Length; i++)
            {
                flow.Lend(parameters[i], leaves[i]);
            }

            BackwardPass.Continue(at.Recorded.value, factor, flow, leaves);
            for (int i = 0; i < leaves.Length; i++)
            {
                flow.Add(parameters[i], BackwardPass.GradientOf(leaves[i]));
            }
        }
    }
}
