using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Adaptation;

/// <summary>
/// The stages that warm-ups are made of. All chains learn one set of settings together: the acceptance is their mean, the covariance that of all their positions. Sources: Hoffman and Gelman, JMLR 15 (2014); Stan Reference Manual, chapter on
/// adaptation.
/// </summary>
public static class WarmupStages
{
    private const int MostDoublings = 60;

    /// <summary>Above this acceptance of a single step a longer one is tried, as in Stan.</summary>
    private const double SearchAcceptance = 0.8;

    /// <summary>The steps to which a trajectory is kept while the scale is being learned: one chain far out can ask for steps so short that the length would take thousands.</summary>
    private const int MostStepsOfLearning = 32;

    /// <summary>Stages one after another.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="stages">The stages; none leaves all as it is.</param>
    /// <returns>One stage.</returns>
    public static WarmupStage<TState> InTurn<TState>(params IReadOnlyList<WarmupStage<TState>> stages)
        where TState : class, IKernelState<TState> => state => stages.Aggregate(state, static (reached, stage) => stage(reached));

    /// <summary>
    /// A rough step size: doubled or halved until a single step (no trajectory) is accepted with a probability of about 0.8, or of δ if that is lower or the kernel is unadjusted. What a position does not determine, such as a momentum, is drawn anew, since it
    /// may be of another scale. The chains stay where they are.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <returns>A stage.</returns>
    public static WarmupStage<TState> RoughStepSize<TState>()
        where TState : class, IKernelState<TState> => static state =>
        {
            Workspace workspace = state.NewWorkspace();
            NoiseSource source = state.SearchSource(workspace);
            TState chains = state.Create(state.Tuning).Thermalize(source, state.Chains.Map(leaf => leaf.CopyTo(workspace)));
            double threshold = state.Aims.IsUnadjusted ? state.Aims.TargetAcceptance : Math.Min(SearchAcceptance, state.Aims.TargetAcceptance);
            long gradients = state.Gradients;
            double stepSize = state.Tuning.StepSize;
            double factor = IsAccepted(stepSize) ? 2 : 0.5;
            for (int i = 0; i < MostDoublings; i++)
            {
                double other = factor * stepSize;
                if (IsAccepted(other) != factor > 1)
                {
                    stepSize = factor > 1 ? stepSize : other;
                    break;
                }

                stepSize = other;
            }

            return state with
            {
                Chains = chains.Map(static leaf => leaf.Detach()),
                Tuning = state.Tuning.WithStepSize(stepSize),
                StepSize = DualAveraging.Start(stepSize, state.Aims.TargetAcceptance, state.Aims.IsUnadjusted ? 1 : DualAveraging.Bold),
                Searches = state.Searches + 1,
                Gradients = gradients,
            };

            bool IsAccepted(double tried)
            {
                KernelTuning tuning = state.Tuning.WithStepSize(tried);
                StepInfo info = state.Create(tuning.PathLength is null ? tuning : tuning.WithPathLength(0)).Transition(source, chains).Info;
                gradients += info.GradientCount;
                bool result = state.AcceptanceOf(info, isCautious: state.Aims.Scale != ScaleSource.Given) > threshold;
                workspace.Collect(0, [.. chains.ToTree().Leaves]);
                return result;
            }
        };

    /// <summary>The step size, by dual averaging over some transitions (<see cref="DualAveraging"/>).</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="transitions">0 or more.</param>
    /// <returns>A stage, which goes on from what is known of the step size.</returns>
    public static WarmupStage<TState> StepSize<TState>(int transitions)
        where TState : class, IKernelState<TState> => state => Walk(state, transitions, learn: null);

    /// <summary>The scale, from the positions of some transitions, in which the step size goes on being adapted. At their end step sizes are measured by a new scale, and <see cref="RoughStepSize"/> must follow.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="transitions">2 or more.</param>
    /// <param name="kind">Variances, the matrix, or what serves better.</param>
    /// <returns>A stage.</returns>
    public static WarmupStage<TState> Scale<TState>(int transitions, CovarianceKind kind)
        where TState : class, IKernelState<TState> => state =>
        {
            WindowCovariance covariance = WindowCovariance.Empty(kind, state.Chains.Position.Shape[1], transitions);
            SquaredGradients squares = SquaredGradients.Empty;
            ChainArrival arrival = ChainArrival.Empty(state.Chains.Position.Shape[1], state.Chains.Position.Shape[0]);
            bool byGradients = state.Aims.Scale == ScaleSource.Gradients;
            WarmupState<TState> walked = Walk(state, transitions, (chains, draw) =>
            {
                Tensor? logDensity = draw.LogDensity;
                arrival = logDensity is null ? arrival : arrival.Add(logDensity / state.Aims.Temperature, draw.Info.AcceptanceProbability!);
                if (byGradients)
                {
                    squares = squares.Add(Gradient(chains.StateOf(0)));
                }
                else
                {
                    Tensor position = NotLow(draw.Position, logDensity is null ? null : logDensity / state.Aims.Temperature);
                    covariance = covariance.Add(state.Aims.Variables?.Inverse(position) ?? position);
                }
            });
            Tensor scale = byGradients ? squares.Inverse() : covariance.Regularized() / state.Aims.Temperature;
            (TState gathered, Tensor? left) = arrival.Gather(walked.Chains);
            return walked with
            {
                Chains = gathered,
                LeftBehind = left is null ? walked.LeftBehind : walked.LeftBehind.Add(left),
                Tuning = walked.Tuning.WithCovariance(scale.Cast(state.Chains.Position.DType).Detach())
                    .WithStepSize(walked.StepSize!.AverageStepSize).WithPathLength(state.Aims.PathLength),
            };
        };

    /// <summary>The average of the step sizes is what is kept.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <returns>The last stage of a warm-up.</returns>
    public static WarmupStage<TState> Freeze<TState>()
        where TState : class, IKernelState<TState> => static state => state.StepSize is null ? state : state with { Tuning = state.Tuning.WithStepSize(state.StepSize.AverageStepSize) };

    private static WarmupState<TState> Walk<TState>(WarmupState<TState> state, int transitions, Action<ChainGroups<TState>, Draw>? learn)
        where TState : class, IKernelState<TState>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        if (transitions == 0)
        {
            return state;
        }

        IEngine engine = state.Engine ?? Workspace.Default.Engine;
        Kernel<TState> first = state.Create(state.Tuning);
        // chains meet after every transition, since they learn together
        using ChainGroups<TState> chains = new(state.Chains, state.Key, state.Rows, engine, ChainGroups<TState>.Most(first, state.Chains, engine));
        DualAveraging averaging = state.StepSize ?? DualAveraging.Start(state.Tuning.StepSize, state.Aims.TargetAcceptance);
        List<double> stepSizes = new(transitions);
        double sum = 0;
        long gradients = state.Gradients;
        bool isLearning = state.Aims.Scale != ScaleSource.Given && (learn is not null || state.Tuning.Covariance is null);
        for (int i = 0; i < transitions; i++)
        {
            double stepSize = averaging.StepSize;
            long done = state.StepSizes.Count + i;
            chains.Advance(state.Create(isLearning ? Shortened(state.Tuning.WithStepSize(stepSize)) : state.Tuning.WithStepSize(stepSize)), done, count: 1, new Keeping(1, States: true));
            chains.Failure?.Exception.Throw();
            Draw draw = chains.DrawOf(0);
            double acceptance = state.AcceptanceOf(draw.Info, isLearning);
            averaging = averaging.After(acceptance);
            stepSizes.Add(stepSize);
            sum += acceptance;
            gradients += draw.Info.GradientCount;
            learn?.Invoke(chains, draw);
            state.Observe?.Invoke(done + 1, stepSize, acceptance);
        }

        return state with
        {
            Chains = chains.State(),
            StepSize = averaging,
            StepSizes = state.StepSizes.AddRange(stepSizes),
            Acceptance = sum / transitions,
            Gradients = gradients,
        };
    }

    /// <summary>The positions without those of chains that are low: a single chain that has yet to arrive would make most of a covariance.</summary>
    private static Tensor NotLow(Tensor position, Tensor? logDensity)
    {
        if (logDensity is null)
        {
            return position;
        }

        bool[] low = ChainArrival.Low(logDensity.ToArray(), position.Shape[1]);
        return low.Contains(true) ? position.GatherRows([.. Enumerable.Range(0, low.Length).Where(row => !low[row])]) : position;
    }

    private static KernelTuning Shortened(KernelTuning tuning) => tuning.PathLength is { } path ? tuning.WithPathLength(Math.Min(path, MostStepsOfLearning * tuning.StepSize)) : tuning;

    private static Tensor Gradient<TState>(TState state)
        where TState : class, IKernelState<TState>
    {
        for (int i = 0; i < state.Layout.Count; i++)
        {
            if (state.Layout[i].Name == "gradient")
            {
                return state.Leaf(i);
            }
        }

        throw new ArgumentException($"{typeof(TState).Name} keeps no gradient, and the scale is to be learned from it.", nameof(state));
    }
}
