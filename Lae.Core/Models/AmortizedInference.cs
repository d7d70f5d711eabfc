using Lae.Kernels;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>What a latent kernel did to the outputs of a network on one set of inputs, and what the network learns from it.</summary>
/// <param name="Run">The states that the kernel visited.</param>
/// <param name="Lesson">What the network learns.</param>
/// <param name="StepSize">η with which the kernel moved.</param>
/// <param name="Adaptation">The adaptation after the acceptance was seen; as before for an unadjusted kernel.</param>
public sealed record AmortizedStep(LatentRun Run, EncoderLesson Lesson, double StepSize, TensorTree Adaptation)
{
    /// <summary>Of a run and a lesson besides those of each transition.</summary>
    private const int MostTensors = 7;

    /// <summary>Every tensor of it.</summary>
    internal List<Tensor> Tensors
    {
        get
        {
            List<Tensor> tensors = new(MostTensors + Run.Latents.Count + Run.LastLayers.Count + Lesson.LastLayers.Count + Adaptation.Count);
            Run.AddTo(tensors);
            Lesson.AddTo(tensors);
            tensors.AddRange(Adaptation.LeafSpan);
            return tensors;
        }
    }
}

/// <summary>A state of a chain that teaches.</summary>
/// <param name="Z">[n, latentSize], perhaps being differentiated.</param>
/// <param name="Times">How many transitions ended there, 1 or more.</param>
internal readonly record struct TeachingState(Tensor Z, int Times);

/// <summary>
/// A network f(x) = Φ g(x) whose outputs are moved by a latent kernel and which follows them: the part that the encoder (inputs: observations, density: their posteriors) and the sampler network (inputs:
/// fixed noise, density: the prior) share.
/// <code>
///     Z^(0) = G Φᵀ,   Z^(t) = kernel(Z^(t−1)),   t = 1 … T,   G = g(x)
/// </code>
/// Parameters: <c>features.*</c>, <c>lastLayer</c> Φ [latentSize, d]. Shapes: x [n, columns], G [n, d], Z [n, latentSize].
/// </summary>
/// <param name="latentSize">d_z, 1 or more.</param>
/// <param name="features">g.</param>
/// <param name="kernel">How latent points are moved.</param>
/// <param name="update">How the network follows them.</param>
/// <param name="transitions">T, 1 or more.</param>
/// <param name="stepSize">The step size and its adaptation.</param>
/// <param name="dtype">The number type of parameters.</param>
public sealed class AmortizedInference(
    int latentSize, INetwork features, ILatentKernel kernel, IEncoderUpdate update, int transitions, StepSizeAdaptation stepSize, DType dtype)
{
    /// <summary>The name of Φ.</summary>
    public const string LastLayer = "lastLayer";

    private const string FeaturePart = "features";

    /// <summary>The condition number is that of so many inputs at most: it costs the cube of their number.</summary>
    private const int DiagnosedAtMost = 256;

    /// <summary>What it is called in reports.</summary>
    public string Name => $"{kernel.Name}, {update.Name}";

    /// <summary>Whether a Metropolis test is made.</summary>
    public bool IsAdjusted => kernel.IsAdjusted;

    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them: sub-key 0 the features, sub-key 1 the last layer.</param>
    /// <returns>A tree.</returns>
    public TensorTree Initialize(RandomKey key) => features.Initialize(key.FoldIn(0), dtype).Prefixed(FeaturePart)
        .With(LastLayer, OrthogonalInitialization.Draw(key.FoldIn(1), latentSize, features.OutputSize, dtype));

    /// <summary>The adaptation before the first step.</summary>
    /// <returns>A tree.</returns>
    public TensorTree InitializeAdaptation() => stepSize.Initialize();

    /// <summary>f(x).</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, latentSize].</returns>
    public Tensor Apply(TensorTree parameters, Tensor x) => Features(parameters, x).MatMul(parameters[LastLayer], transposeB: true);

    /// <summary>G.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, d].</returns>
    public Tensor Features(TensorTree parameters, Tensor x) => features.Apply(parameters.Under(FeaturePart), x);

    /// <summary>T transitions from f(x), and what they teach.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The densities of the n outputs.</param>
    /// <param name="g">G, what <see cref="Features"/> made of the inputs; a constant here, also where it is being differentiated.</param>
    /// <param name="lastLayer">Φ, a constant too.</param>
    /// <param name="adaptation">A tree with that of <see cref="InitializeAdaptation"/>.</param>
    /// <param name="step">The number of the training step, for messages.</param>
    /// <returns>The step; the network itself is not changed yet.</returns>
    /// <exception cref="NonFiniteStateException">A feature or a latent point became NaN or infinite.</exception>
    public AmortizedStep Infer(RandomKey key, LatentDensity density, Tensor g, Tensor lastLayer, TensorTree adaptation, long step)
    {
        (Tensor features, Tensor phi) = (Finite(g.Untracked, step), lastLayer.Untracked);
        double size = StepSizeAdaptation.StepSize(adaptation);
        LatentRun run = LatentRun.Of(kernel, kernel.Coordinates(density, features, phi), size, transitions, key, update.NeedsDrift);
        TensorTree adapted = kernel.IsAdjusted ? stepSize.Adapt(adaptation, run.Acceptance, g.Workspace) : adaptation;
        return new AmortizedStep(run, update.Learn(run, features, phi), size, adapted);
    }

    /// <summary>The mean energy at the states that teach, and what leads the network to follow them where the optimiser moves all of it. The term of a drift is 0 at the network that the chain started from, and has a gradient.</summary>
    /// <param name="g">G, perhaps being differentiated.</param>
    /// <param name="lastLayer">Φ, perhaps being differentiated.</param>
    /// <param name="step">What <see cref="Infer"/> made.</param>
    /// <param name="energy">The mean energy of latent points [n, latentSize], a scalar.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor g, Tensor lastLayer, AmortizedStep step, Func<Tensor, Tensor> energy) => Loss(g, lastLayer, step, states => Total(states, energy));

    /// <summary>The energies of states one after the other, each as many times as it says.</summary>
    /// <param name="states">One or more.</param>
    /// <param name="energy">The mean energy of latent points [n, latentSize], a scalar.</param>
    /// <returns>A scalar.</returns>
    internal static Tensor Total(IReadOnlyList<TeachingState> states, Func<Tensor, Tensor> energy)
    {
        Tensor total = Tensor.Zeros(Shape.Scalar, states[0].Z.DType, states[0].Z.Workspace);
        foreach ((Tensor z, int times) in states)
        {
            total += energy(z) * times;
        }

        return total;
    }

    /// <summary>The same from the total over all states that teach.</summary>
    /// <param name="g">As above.</param>
    /// <param name="lastLayer">As above.</param>
    /// <param name="step">As above.</param>
    /// <param name="totalEnergy">The sum of the mean energies of states, each as many times as it says; a scalar.</param>
    /// <returns>A scalar.</returns>
    internal static Tensor Loss(Tensor g, Tensor lastLayer, AmortizedStep step, Func<IReadOnlyList<TeachingState>, Tensor> totalEnergy)
    {
        if (step.Lesson.IsOptimized)
        {
            return totalEnergy([new TeachingState(step.Run.Latents[^1], 1)]) + (Following(step, g.MatMul(lastLayer, transposeB: true)) / g.Shape[0]);
        }

        IReadOnlyList<Tensor> layers = step.Lesson.LastLayers;
        List<TeachingState> states = new(layers.Count);
        for (int t = 0; t < layers.Count;)
        {
            // where a proposal was refused the chain is where it was: one evaluation, as many times as it stayed
            int stay = 1;
            while (t + stay < layers.Count && ReferenceEquals(layers[t + stay].Buffer, layers[t].Buffer))
            {
                stay++;
            }

            states.Add(new TeachingState(g.MatMul(layers[t], transposeB: true), stay));
            t += stay;
        }

        return totalEnergy(states) / layers.Count;
    }

    /// <summary>The parameters with the Φ that the chain, not the optimiser, has moved; as they are where the optimiser moves all of the network.</summary>
    /// <param name="parameters">A tree that holds Φ.</param>
    /// <param name="step">What <see cref="Infer"/> made.</param>
    /// <param name="name">The name of Φ in that tree.</param>
    /// <returns>The parameters.</returns>
    public static TensorTree Follow(TensorTree parameters, AmortizedStep step, string name = LastLayer) =>
        step.Lesson.IsOptimized ? parameters : parameters.With(name, step.Lesson.Followed ?? step.Lesson.LastLayers[^1]);

    /// <summary>What decides how fast and whether such dynamics mix.</summary>
    /// <param name="parameters">Those of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns]; of the first 256 rows the condition number is taken.</param>
    /// <param name="step">The number of the training step, for messages.</param>
    /// <returns><c>conditionNumber</c> of K = G Gᵀ, <c>lastLayerNorm</c>, <c>featureCount</c>, <c>batchSize</c>.</returns>
    public IReadOnlyDictionary<string, double> Diagnose(TensorTree parameters, Tensor x, long step)
    {
        Tensor g = Finite(Features(parameters, x.Slice(0, 0, Math.Min(DiagnosedAtMost, x.Shape[0]))), step);
        return new Dictionary<string, double>
        {
            ["conditionNumber"] = Math.Min(LatentCoordinates.ConditionNumber(g), double.MaxValue),
            ["lastLayerNorm"] = Math.Sqrt(parameters[LastLayer].Square().Sum().ToDouble()),
            ["featureCount"] = features.OutputSize,
            ["batchSize"] = x.Shape[0],
        };
    }

    private static Tensor Following(AmortizedStep step, Tensor encoded)
    {
        EncoderLesson lesson = step.Lesson;
        if (lesson.Codes is { } codes)
        {
            Tensor residual = codes - encoded;
            Tensor weighted = lesson.Precision is { } precision ? GaussNewton.Times(precision, residual) : residual;
            return 0.5 * (residual * weighted).Sum();
        }

        Tensor ascent = lesson.Ascent ?? throw new ArgumentException("A lesson needs last layers, codes or gradients.", nameof(step));
        return (ascent * (step.Run.Start - encoded)).Sum();
    }

    private static Tensor Finite(Tensor g, long step) => g.AllFinite() ? g : throw new NonFiniteStateException("a feature of the encoder", step);
}
