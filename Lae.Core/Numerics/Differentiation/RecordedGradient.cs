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
    /// <param name="leaves">θ, every tensor of it <see cref="Tensor.Leaf"/>; evaluations that share it can be gone on from together.</param>
    /// <returns>What was found.</returns>
    public static RecordedGradient Of(Func<Tensor, TensorTree, Tensor> function, Tensor x, TensorTree leaves)
    {
        Tensor leaf = x.Leaf();
        Tensor value = function(leaf, leaves);
        BackwardPass.Record(value, leaf);
        return new RecordedGradient(value, BackwardPass.GradientOf(leaf), leaves);
    }

    /// <summary>scale · Σ_t times_t Σ y_t as a function of x_1, … and θ that may be under differentiation; each to be asked for once.</summary>
    /// <param name="terms">Evaluations at the same θ, one or more; x_t of the same bits as when it was evaluated.</param>
    /// <param name="scale">A factor.</param>
    /// <param name="parameters">A tree with θ of the same bits.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The evaluations do not share one tree of leaves.</exception>
    /// <exception cref="InvalidOperationException">One was asked for before.</exception>
    public static Tensor ScaledSum(ReadOnlySpan<(RecordedGradient Found, Tensor X, int Times)> terms, double scale, TensorTree parameters)
    {
        TensorTree leaves = terms[0].Found.leaves;
        foreach ((RecordedGradient found, _, _) in terms)
        {
            if (!ReferenceEquals(found.leaves, leaves))
            {
                throw new ArgumentException("The evaluations do not share one tree of leaves.", nameof(terms));
            }
        }

        Tensor[] arguments = new Tensor[terms.Length + leaves.Count];
        Term[] all = new Term[terms.Length];
        bool wants = false;
        Tensor? y = null;
        for (int t = 0; t < terms.Length; t++)
        {
            (RecordedGradient found, arguments[t], int times) = terms[t];
            if (found.isSpent)
            {
                throw new InvalidOperationException("A recorded gradient can be gone on from once.");
            }

            found.isSpent = true;
            Tensor term = found.Value.Sum() * scale * times;
            y = y is null ? term : y + term;
            all[t] = new Term(found, scale, times);
        }

        for (int i = 0; i < leaves.Count; i++)
        {
            arguments[terms.Length + i] = parameters[leaves[i].Key];
        }

        foreach (Tensor argument in arguments)
        {
            wants |= GradientFlow.Wants(argument);
        }

        return wants ? y!.Tracked((all, leaves, arguments), Rule, arguments) : y!;
    }

    private static void Rule((Term[] Terms, TensorTree Leaves, Tensor[] Arguments) at, Tensor g, GradientFlow flow)
    {
        Span<double> factors = stackalloc double[at.Terms.Length];
        Tensor[] values = new Tensor[at.Terms.Length];
        for (int t = at.Terms.Length - 1; t >= 0; t--)
        {
            (RecordedGradient found, double scale, int times) = at.Terms[t];
            factors[t] = scale * (g * times).ToDouble();
            values[t] = found.value;
            if (flow.Needs(at.Arguments[t]))
            {
                flow.Add(at.Arguments[t], found.Gradient * factors[t]);
            }
        }

        ReadOnlySpan<Tensor> parameters = at.Arguments.AsSpan(at.Terms.Length);
        bool needs = false;
        foreach (Tensor parameter in parameters)
        {
            needs |= flow.Needs(parameter);
        }

        if (needs)
        {
            ReadOnlySpan<Tensor> leaves = at.Leaves.LeafSpan;
            for (int i = 0; i < leaves.Length; i++)
            {
                flow.Lend(parameters[i], leaves[i]);
            }

            BackwardPass.Continue(values, factors, flow, leaves, parameters);
        }
    }

    private readonly record struct Term(RecordedGradient Found, double Scale, int Times);
}
